"""What a person does in Excel between a download and an upload."""

import python_calamine
import xlsxwriter

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def rows(path, sheet=0):
    """The cells of a sheet, empty ones too."""
    book = python_calamine.CalamineWorkbook.from_path(path)
    return book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)


def sheet_names(path):
    return python_calamine.CalamineWorkbook.from_path(path).sheet_names


def text(path):
    """Everything that stands in the first sheet."""
    return "\n".join(str(cell) for row in rows(path) for cell in row if cell != "")


def type_into(path, column, values):
    """Change cells of the column with this heading, by the text of each row's first cell; save."""
    table = rows(path)
    head = next(number for number, row in enumerate(table) if column in row)
    at = table[head].index(column)
    for row in table[head + 1 :]:
        row[at] = values.get(row[0], row[at])
    with xlsxwriter.Workbook(path, SAFE) as book:
        sheet = book.add_worksheet(python_calamine.CalamineWorkbook.from_path(path).sheet_names[0])
        for number, row in enumerate(table):
            for position, value in enumerate(row):
                if value != "":
                    sheet.write(number, position, value)
    return path
