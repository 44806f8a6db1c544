"""What users and their own tables rely on, once for all tests: how sheets are called and in which order they stand, the keys of the form."""

CARD, TASKS, FIGURES, ACTIVITIES, REQUESTS = (
    "Thông tin chung",
    "Biểu 1 - Nhiệm vụ",
    "Biểu 2 - Số liệu",
    "Biểu 3 - Hoạt động",
    "Biểu 4 - Kiến nghị",
)
