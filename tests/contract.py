"""What people and their own tables rely on, stated once for all tests: names and order of sheets, keys of fields.

A sheet that is added has its line here; a field may be added to the form without one.
"""

OUTPUT_SHEETS = [
    "Tổng hợp",
    "PL1 Nhiệm vụ",
    "PL2 Ma trận",
    "PL3 Số liệu",
    "PL4 Theo đơn vị",
    "PL5 Hình thức",
    "PL6 Kiến nghị",
    "Trả lời nhanh",
    "Nộp báo cáo",
    "Hoạt động",
    "Kiểm tra",
    "Nhật ký xử lý",
    "Đối chiếu",
    "Nguồn",
]


def tab(label: str) -> str:
    """The whole name of an output sheet: “PL3 Số liệu” of “Số liệu”, whatever number its annex has."""
    [name] = [name for name in OUTPUT_SHEETS if name.endswith(label)]
    return name


CARD, TASKS, FIGURES, ACTIVITIES, REQUESTS = (
    "Thông tin chung",
    "Biểu 1 - Nhiệm vụ",
    "Biểu 2 - Số liệu",
    "Biểu 3 - Hoạt động",
    "Biểu 4 - Kiến nghị",
)
FORM_SHEETS = ["Hướng dẫn", CARD, TASKS, FIGURES, ACTIVITIES, REQUESTS, "_meta", "_lists"]

# The fields of the form by their keys, in their order; others may stand between them.
KEYS = {
    "card": (
        "unit_id unit_name year period date_from date_to form_version report_number report_date prepared_by phone "
        "signed_by signer_title revision revision_kind revision_reason nothing_to_report plan_number plan_date"
    ),
    "tasks": (
        "task_id task_title role due_text status completed_on document_number document_date result evidence "
        "expected_on delay_reason"
    ),
    "figures": "indicator_id indicator measure value note",
    "activities": "stt date task_id form content_area title venue quantity participants evidence repost_of note",
    "requests": "kind content addressed_to",
}


def promised(table: str, keys: list[str]) -> list[str]:
    """Those of the keys that are promised."""
    return [key for key in keys if key in KEYS[table].split()]
