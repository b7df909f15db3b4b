"""Tables as a workbook: numbers as numbers with their units, texts as texts."""

from decimal import Decimal
from io import BytesIO

import openpyxl

from pmo_engine.exchange.workbooks import Sheet, Value, workbook


def test_a_sheet_for_each_table_with_numbers_as_numbers():
    money = Value("1,200.50 GBP", Decimal("1200.50"), "GBP")
    share = Value("12.5 %", Decimal("0.125"), "share")
    formula = Value("=1+1\x00")
    long = "Costs: [2026]/all of the projects together"
    sheets = [
        Sheet("Money", ("Figure", "=Now"), ((formula, money), (Value(""), share))),
        Sheet("money", ("x",), ()),
        Sheet(long, ("x",), ()),
        Sheet("", ("x",), ()),
    ]
    book = openpyxl.load_workbook(BytesIO(workbook(sheets)))
    assert book.sheetnames == ["Money", "money 2", "Costs   2026  all of the projec", "Table"]
    first = book["Money"]
    assert [[cell.value for cell in row] for row in first.rows] == [
        ["Figure", "=Now"],
        ["=1+1 ", 1200.5],
        [None, 0.125],
    ]
    assert {first["A2"].data_type, first["B1"].data_type} == {"s"}
    assert first["B2"].number_format == '#,##0.00 "GBP"'
    assert first["B3"].number_format == "0.0###%"
    assert first["A1"].font.bold


def test_nothing_is_an_empty_workbook():
    assert openpyxl.load_workbook(BytesIO(workbook([]))).active.max_row == 1
