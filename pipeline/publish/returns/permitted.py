"""What may stand in a workbook that leaves under the office's name: relations, kinds of part, elements.

Lists of what is allowed, so that what a program invents next, or somebody invents to do harm, stays out by itself.
"""

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_MICROSOFT = "http://schemas.microsoft.com/office/"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_DRAWING = "application/vnd.openxmlformats-officedocument."


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORKBOOK, WORKSHEET = f"{_SHEET}sheet.main+xml", f"{_SHEET}worksheet+xml"
DRAWN, CHART, VML = f"{_DRAWING}drawing+xml", f"{_DRAWING}drawingml.chart+xml", f"{_DRAWING}vmlDrawing"
TABLE, THREAD = f"{_SHEET}table+xml", "application/vnd.ms-excel.threadedcomments+xml"
PROPERTIES = f"{_DRAWING}extended-properties+xml"

PICTURES = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8", "image/jpg": b"\xff\xd8", "image/gif": b"GIF8"}
"""Pictures by their first bytes; none that can hold a script or commands."""

RELATIONS = {
    f"{_OFFICE}officeDocument": {WORKBOOK},
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties": {
        "application/vnd.openxmlformats-package.core-properties+xml"
    },
    f"{_OFFICE}extended-properties": {PROPERTIES},
    f"{_OFFICE}worksheet": {WORKSHEET},
    f"{_OFFICE}chartsheet": {f"{_SHEET}chartsheet+xml"},
    f"{_OFFICE}styles": {f"{_SHEET}styles+xml"},
    f"{_OFFICE}sharedStrings": {f"{_SHEET}sharedStrings+xml"},
    f"{_OFFICE}theme": {f"{_DRAWING}theme+xml"},
    f"{_OFFICE}calcChain": {f"{_SHEET}calcChain+xml"},
    f"{_OFFICE}comments": {f"{_SHEET}comments+xml"},
    f"{_MICROSOFT}2017/10/relationships/threadedComment": {THREAD},
    f"{_MICROSOFT}2017/10/relationships/person": {"application/vnd.ms-excel.person+xml"},
    f"{_OFFICE}vmlDrawing": {VML},
    f"{_OFFICE}drawing": {DRAWN},
    f"{_OFFICE}table": {TABLE},
    f"{_OFFICE}image": set(PICTURES),
    f"{_OFFICE}chart": {CHART},
    f"{_MICROSOFT}2011/relationships/chartStyle": {"application/vnd.ms-office.chartstyle+xml"},
    f"{_MICROSOFT}2011/relationships/chartColorStyle": {"application/vnd.ms-office.chartcolorstyle+xml"},
}
"""The content types to which a relation of each type may lead."""

CONTENT_TYPES = {
    *(kind for kinds in RELATIONS.values() for kind in kinds),
    "application/vnd.openxmlformats-package.relationships+xml",
    "application/xml",
}
EXTENSIONS = {"xml", "vml", "png", "jpeg", "jpg", "gif"}

UNSAID = {
    *("calcChain", "printerSettings", "custom-properties", "thumbnail", "core-properties"),
    *("classificationlabels", "sheetMetadata"),
}
"""Relations, by the end of their type, that are left out without a word: nobody misses them."""

CHILDREN = {
    "workbook": _words(
        "fileVersion fileSharing workbookPr workbookProtection bookViews sheets definedNames calcPr"
        " customWorkbookViews fileRecoveryPr revisionPtr extLst"
    ),
    "worksheet": _words(
        "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges"
        " scenarios autoFilter sortState customSheetViews mergeCells phoneticPr conditionalFormatting"
        " dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks"
        " cellWatches ignoredErrors drawing legacyDrawing legacyDrawingHF picture tableParts extLst"
    ),
    "Properties": _words(
        "Application AppVersion Company DocSecurity HeadingPairs HyperlinksChanged LinksUpToDate Manager"
        " ScaleCrop SharedDoc TitlesOfParts TotalTime"
    ),
}
"""By the root: its children that stay."""

OWN_SPACES = "{http://schemas.microsoft.com/office/spreadsheetml/"
"""How the namespaces begin, beside that of the root, in which such children are of the program's own."""

EXTENDED = _words(
    "dataValidations conditionalFormattings sparklineGroups ignoredErrors protectedRanges calcFeatures"
    " workbookPr id extCalcPr"
)
"""What may stand in an extension of a workbook or of a sheet."""

SHAPES = _words(
    "xml shapetype shape shapelayout idmap regrouptable entry rules lock stroke path fill shadow textbox"
    " formulas f imagedata handles h textpath group rect line oval roundrect arc polyline curve image skew"
    " extrusion signatureline callout complex div font span b i u s br p Anchor AutoFill AutoLine AutoPict"
    " ClientData Row Column Visible Locked LockText MoveWithCells SizeWithCells TextHAlign TextVAlign"
    " DefaultSize PrintObject Disabled CF Checked Val Min Max Inc Page Horiz Dx Sel SelType MultiSel WidthMin"
    " DropLines DropStyle NoThreeD NoThreeD2 FirstButton Colored Default Cancel Dismiss JustLastX RowHidden"
    " ColHidden ValidIds VTEdit VScroll"
)
"""Elements of an old-style drawing: shapes and boxes, no object, no macro, no cell of another book."""

FUNCTIONS = _words(
    "ABS ACOS ADDRESS AGGREGATE AND AREAS ASC ASIN ATAN ATAN2 AVERAGE AVERAGEA AVERAGEIF AVERAGEIFS BYCOL"
    " BYROW CEILING CEILING.MATH CELL CHAR CHOOSE CHOOSECOLS CHOOSEROWS CLEAN CODE COLUMN COLUMNS COMBIN"
    " CONCAT CONCATENATE CONVERT CORREL COS COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS DATE DATEDIF DATEVALUE"
    " DAY DAYS DAYS360 DB DEC2BIN DEC2HEX DEGREES DOLLAR DROP EDATE EOMONTH ERROR.TYPE EVEN EXACT EXP EXPAND"
    " FACT FALSE FILTER FIND FIXED FLOOR FLOOR.MATH FORECAST FORMULATEXT FREQUENCY FV GCD GEOMEAN GETPIVOTDATA"
    " HARMEAN HLOOKUP HOUR HSTACK IF IFERROR IFNA IFS INDEX INT INTERCEPT IRR ISBLANK ISERR ISERROR ISEVEN"
    " ISFORMULA ISLOGICAL ISNA ISNONTEXT ISNUMBER ISODD ISREF ISTEXT ISOWEEKNUM LAMBDA LARGE LCM LEFT LEN LET"
    " LINEST LN LOG LOG10 LOOKUP LOWER MAP MATCH MAX MAXA MAXIFS MEDIAN MID MIN MINA MINIFS MINUTE MOD MODE"
    " MODE.SNGL MONTH MROUND N NA NETWORKDAYS NETWORKDAYS.INTL NOT NOW NPER NPV NUMBERVALUE ODD OFFSET OR"
    " PERCENTILE PERCENTILE.INC PERCENTRANK PI PMT POWER PRODUCT PROPER PV QUARTILE QUARTILE.INC QUOTIENT"
    " RADIANS RAND RANDBETWEEN RANK RANK.AVG RANK.EQ RATE REDUCE REPLACE REPT RIGHT ROMAN ROUND ROUNDDOWN"
    " ROUNDUP ROW ROWS SCAN SEARCH SECOND SEQUENCE SHEET SHEETS SIGN SIN SINGLE SLOPE SMALL SORT SORTBY SQRT"
    " STDEV STDEV.P STDEV.S SUBSTITUTE SUBTOTAL SUM SUMIF SUMIFS SUMPRODUCT SUMSQ SWITCH T TAKE TAN TEXT"
    " TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT TIME TIMEVALUE TOCOL TODAY TOROW TRANSPOSE TREND TRIM TRUE TRUNC"
    " TYPE UNICHAR UNICODE UNIQUE UPPER VALUE VALUETOTEXT VAR VAR.P VAR.S VLOOKUP VSTACK WEEKDAY WEEKNUM"
    " WORKDAY WORKDAY.INTL XLOOKUP XMATCH XOR YEAR YEARFRAC"
)
"""Functions that work on the workbook's own cells and nothing else."""
