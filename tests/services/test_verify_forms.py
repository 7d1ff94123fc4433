from services.forms.documents import CodeForm


def test_code_field__on_a_phone__takes_letters_and_offers_no_sign_in_code():
    field = str(CodeForm()["code"])
    assert "inputmode" not in field
    assert 'autocomplete="off"' in field
