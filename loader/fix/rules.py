"""The rules of ``tsunagu fix``: what is repaired, each with an example (docs/fix.md lists them)."""

from collections.abc import Collection

ALWAYS = {
    "format": ("XLSX", "CSV"),
    "encoding": ("Windows-31J", "UTF-8"),
    "byte-order-mark": ("U+FEFF", ""),
    "delimiter": ("TAB", ","),
    "line-ends": ("LF", "CR LF"),
    "title-line": ("○○市の施設一覧", ""),
    "blank-row": ("", ""),
    "row-length": ("3", "5"),
    "header-blank": ("名称\n（カナ）", "名称 （カナ）"),
    "header-empty": ("", "列3"),
    "header-duplicate": ("備考", "備考 (2)"),
}
"""What every CSV file of the output needs: one header with a name for each column, in its first
line, and rows of one length (RFC 4180). Rule, and an example: before, after."""

CHOSEN = {
    "header-width": ("ＩＤ", "ID"),
    "header-dash": ("市町村コ―ド", "市町村コード"),
    "header-spread": ("名　称", "名称"),
    "split-table": ("年度 / 件数", ""),
    "note-line": ("※1月1日現在", ""),
    "repeated-header": ("名称 / 住所", ""),
    "padding": (" 中央図書館　", "中央図書館"),
    "line-break": ("1階\r\n2階", "1階\n2階"),
    "invisible": ("中央\u200b図書館", "中央図書館"),
    "kana-width": ("ﾁｭｳｵｳ", "チュウオウ"),
    "decorative-space": ("全　国", "全国"),
    "number-width": ("１２３", "123"),
    "negative-sign": ("▲12", "-12"),
    "thousands-separator": ("1,234", "1234"),
    "unit": ("15人", "15"),
    "code-width": ("０１１００２", "011002"),
    "code-zero": ("11002", "011002"),
    "date-iso": ("2021年7月7日", "2021-07-07"),
    "western-year": ("", "2021-07-07"),
    "group-value": ("", "中央区"),
}
"""What can be chosen with ``--rule`` and left with ``--skip``."""

RULES = ALWAYS | CHOSEN


def chosen_rules(only: Collection[str] = (), skipped: Collection[str] = ()) -> frozenset[str]:
    """Return the rules to follow: all, or ``only`` these, without those that are skipped."""
    return frozenset(ALWAYS) | (frozenset(only or CHOSEN) - frozenset(skipped))
