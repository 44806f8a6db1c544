"""The sheets of the consolidated workbook as its readers know them, in their order: a promise, so written out here once."""

SHEETS = [
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
