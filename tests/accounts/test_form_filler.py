from accounts.form_filler import fill

PAGE = """<!doctype html><html><body><!-- note --><p>a &amp; b &#20013;</p>
<form method="post" action="/other/"><input name="name" value="theirs"></form>
<form method="POST">
<input type="hidden" name="client_key" value="new"><input type="password" name="pin">
<input name="name" value="old"><input name="name"><br/>
<textarea name="note" rows="3">old &lt;text&gt;</textarea>
<select name="kind"><option value="a" selected>A</option><option value="b">B</option></select>
<input type="checkbox" name="tick" value="1" checked><input type="checkbox" name="tick" value="2">
<input type="radio" name="one" value="x"><input type="radio" name="one" value="y" checked>
</form></body></html>"""


def filled(*fields, action="/here/"):
    return fill(PAGE, page="/here/", action=action, fields=fields)


def test_fill__with_nothing_to_fill__changes_no_character():
    assert filled(action="/elsewhere/") == PAGE


def test_fill__text__fills_in_order_and_escapes():
    page = filled(["name", '"<x>'], ["name", "二"])
    assert '<input name="name" value="&quot;&lt;x&gt;"><input name="name" value="二">' in page
    assert 'action="/other/"><input name="name" value="theirs">' in page


def test_fill__textarea__replaces_the_old_text():
    page = filled(["note", "</textarea>新"])
    assert '<textarea name="note" rows="3">\n&lt;/textarea&gt;新</textarea>' in page


def test_fill__choices__mark_what_was_chosen_and_nothing_else():
    page = filled(["kind", "b"], ["tick", "2"], ["one", "x"])
    assert '<option value="a">A</option><option value="b" selected>B</option>' in page
    assert 'value="1"><input type="checkbox" name="tick" value="2" checked>' in page
    assert 'value="x" checked><input type="radio" name="one" value="y">' in page


def test_fill__hidden_and_password_fields__are_left_alone():
    page = filled(["client_key", "old"], ["pin", "secret"])
    assert 'name="client_key" value="new"' in page
    assert "secret" not in page


def test_fill__form_in_a_fold__comes_back_unfolded_and_other_folds_stay():
    page = fill(
        '<details class="fold"><summary>a</summary><form method="post" action="/here/">'
        '<textarea name="note"></textarea></form></details>'
        '<details><form method="post" action="/other/"></form></details>',
        page="/page/",
        action="/here/",
        fields=[["note", "新"]],
    )
    assert page.startswith('<details class="fold" open><summary>a</summary>')
    assert page.endswith('<details><form method="post" action="/other/"></form></details>')
