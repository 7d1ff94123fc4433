"""Tags and filters of every page; registered as template built-ins, so no `{% load %}` is needed.

Each tag draws one file of `templates/components/`, whose comment lists its options.
`docs/design-system.md` shows all of them; `/styleguide/` draws them in development.
"""

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html

from veterans_portal import chinese_dates, form_words, masking
from veterans_portal.navigation import sections_for, side_navigation_for

register = template.Library()

# --- atoms -----------------------------------------------------------------------------------


@register.inclusion_tag("components/icon.html")
def icon(name, label="", size=""):
    """An icon of `static/icons/sprite.svg`; without a label it is hidden from screen readers."""
    return {"href": f"{static('icons/sprite.svg')}#{name}", "label": label, "size": size}


@register.inclusion_tag("components/button.html")
def button(
    label, href="", kind="primary", icon="", name="", value="", type="submit", hint="", **attrs
):
    """A button, or a link that looks like one when `href` is given. One primary button per page."""
    return {
        "label": label,
        "href": href,
        "kind": kind,
        "icon": icon,
        "name": name,
        "value": value,
        "type": type,
        "hint": hint,
        "attrs": {key.replace("_", "-"): val for key, val in attrs.items()},
    }


BADGE_ICONS = {
    "note": "info",
    "done": "check",
    "warning": "clock",
    "error": "alert",
    "quiet": "dot",
    "honour": "star",
}


@register.inclusion_tag("components/badge.html")
def badge(text, tone="quiet", icon=""):
    """A state in one of six tones: note, done, warning, error, quiet, honour. Always icon and word."""
    return {"text": text, "tone": tone, "icon": icon or BADGE_ICONS.get(tone, "dot")}


@register.inclusion_tag("components/badge.html")
def due(day, today=None):
    """The light of a deadline: red when passed, amber within three days, always with words."""
    if not day:
        return {"text": "无期限", "tone": "quiet", "icon": "dot"}
    left = (chinese_dates.as_date(day) - (today or timezone.localdate())).days
    if left < 0:
        return {"text": f"超期{-left}天", "tone": "error", "icon": "alert"}
    if left == 0:
        return {"text": "今天到期", "tone": "warning", "icon": "clock"}
    return {"text": f"还剩{left}天", "tone": "warning" if left <= 3 else "quiet", "icon": "clock"}


@register.inclusion_tag("components/stat.html")
def stat(label, value, unit="", href="", note=""):
    """One figure with its name; `href` opens the records behind it."""
    return {"label": label, "value": value, "unit": unit, "href": href, "note": note}


@register.inclusion_tag("components/tile.html")
def tile(title, line="", href="", icon="", size="", note="", level=3):
    """A door or a frequent job; without `href` it states plainly (`note`) when it will open."""
    return {
        "title": title,
        "line": line,
        "href": href,
        "icon": icon,
        "size": size,
        "note": note,
        "level": level,
    }


@register.inclusion_tag("components/progress.html")
def progress_bar(value, max=100, label="", words=""):
    """A bar with its figure in words; `value` None means "running, length unknown"."""
    share = round(100 * value / max) if value is not None and max else None
    return {"value": value, "max": max, "label": label, "share": share, "words": words}


# --- blocks ----------------------------------------------------------------------------------

NOTICE_WORDS = {
    "note": ("提示", "info"),
    "done": ("已办好", "check"),
    "warning": ("请留意", "clock"),
    "error": ("需要处理", "alert"),
}


@register.simple_block_tag
def notice(content, tone="note", title="", live=False):
    """`{% notice "warning" title="…" %}…{% endnotice %}`: icon, word and colour together."""
    word, icon_name = NOTICE_WORDS.get(tone, NOTICE_WORDS["note"])
    context = {
        "content": content,
        "tone": tone,
        "title": title,
        "word": word,
        "icon": icon_name,
        "live": live,
    }
    return render_to_string("components/notice.html", context)


@register.simple_block_tag
def panel(content, title="", href="", link="", level=2, kind=""):
    """`{% panel title="…" %}…{% endpanel %}`: a white sheet with a heading and an optional link."""
    context = {
        "content": content,
        "title": title,
        "href": href,
        "link": link,
        "level": level,
        "kind": kind,
    }
    return render_to_string("components/panel.html", context)


@register.simple_block_tag(takes_context=True)
def filters(context, content, active=False, label="筛选", found=None, clear=""):
    """`{% filters %}fields{% endfilters %}`: a GET form, folded on the phone."""
    request = context.get("request")
    chosen = any(value for key, value in request.GET.items() if key != "page") if request else False
    inner = {
        "content": content,
        "open": active or chosen,
        "chosen": chosen,
        "label": label,
        "found": found,
        "clear": clear or (request.path if request else ""),
    }
    return render_to_string("components/filters.html", inner)


@register.simple_block_tag
def fact(content, label):
    """One row of `<dl class="facts">`; an empty value says so."""
    value = content if content.strip() else format_html('<span class="muted">{}</span>', "未填写")
    return format_html('<div class="fact"><dt>{}</dt><dd>{}</dd></div>', label, value)


@register.inclusion_tag("components/facts.html")
def facts(rows):
    """A definition list in two columns from `(label, value)` pairs."""
    return {"rows": rows}


@register.inclusion_tag("components/timeline.html")
def timeline(entries):
    """Entries have `at`, `title`, and optionally `body`, `by`, `state` (done, current, ahead)."""
    return {"entries": entries}


@register.inclusion_tag("components/empty.html")
def empty(title, line="", href="", label="", icon="inbox"):
    """What an empty list says: what is missing and what to do about it."""
    return {"title": title, "line": line, "href": href, "label": label, "icon": icon}


@register.inclusion_tag("components/confirmation.html")
def confirmation(title, code="", code_label="预约号", line="", qr=""):
    """What was done, with a code large enough to read out at a counter; `qr` is an image address."""
    return {"title": title, "code": code, "code_label": code_label, "line": line, "qr": qr}


@register.inclusion_tag("components/print_button.html")
def print_button(label="打印", kind="secondary"):
    """Prints the page; shown only where JavaScript runs."""
    return {"label": label, "kind": kind}


@register.inclusion_tag("components/read_aloud.html")
def read_aloud(target="main", label="读给我听"):
    """Reads the element with id `target` aloud where the browser can; hidden otherwise."""
    return {"target": target, "label": label}


@register.inclusion_tag("components/tabs.html")
def tabs(items, label="分类"):
    """Links as tabs from `(label, url, is_current)` or `(label, url, is_current, count)`."""
    names = ("label", "url", "current", "count")
    return {"items": [dict(zip(names, item, strict=False)) for item in items], "label": label}


@register.inclusion_tag("components/masked.html", takes_context=True)
def masked(context, value, unmask_url="", label="", audible=""):
    """A masked value; `unmask_url` adds the audited "show it" form, which asks for a reason."""
    return {
        "value": value,
        "unmask_url": unmask_url,
        "label": label,
        "audible": audible,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*parts):
    """`{% breadcrumbs "服务站" url "本页" %}`: label and url in turn; the last label stands alone."""
    labels, urls = parts[0::2], parts[1::2]
    trail = [
        {"label": label, "url": urls[i] if i < len(urls) else ""} for i, label in enumerate(labels)
    ]
    return {"trail": trail}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context, page, unit="条"):
    """Pages that keep place and filters; draws nothing but the count when there is one page."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "numbers": list(numbers),
        "gap": page.paginator.ELLIPSIS,
        "unit": unit,
        "request": context.get("request"),
    }


# --- forms -----------------------------------------------------------------------------------


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms, title="请先更正下面几处"):
    """Errors of one or several forms on top of the page, each linked to its field."""
    return {
        "problems": [problem for form in forms if form for problem in _problems(form)],
        "title": title,
    }


def _problems(form):
    if hasattr(form, "forms"):  # a formset: its own errors, then those of its rows
        yield from ({"text": text, "target": ""} for text in form.non_form_errors())
        for row in form:
            yield from _problems(row)
        return
    for text in form.non_field_errors():
        yield {"text": text, "target": ""}
    for bound in form:
        for text in form_words.errors_of(bound):
            yield {"text": text, "target": _first_control(bound)}


def _first_control(bound):
    """The id that a link should jump to: radios and check boxes carry a number."""
    widget = bound.field.widget
    index = "_0" if widget.use_fieldset and bound.auto_id else ""
    return widget.id_for_label(f"{bound.auto_id}{index}") or f"{bound.auto_id}{index}"


@register.inclusion_tag("components/field.html")
def field(bound, optional=None):
    """One field by our pattern: label, hint, error, control; same as `{{ form.x.as_field_group }}`."""
    return {"field": bound, "optional": optional}


register.filter("error_words", form_words.errors_of)


# --- navigation ------------------------------------------------------------------------------


@register.inclusion_tag("components/main_nav.html", takes_context=True)
def main_nav(context):
    """The main navigation for the reader's audience."""
    request = context.get("request")
    return {"sections": sections_for(request) if request else [], "request": request}


@register.inclusion_tag("components/side_nav.html", takes_context=True)
def side_nav(context):
    """The work desk's own navigation."""
    request = context.get("request")
    return {"groups": side_navigation_for(request) if request else []}


# --- Chinese dates ---------------------------------------------------------------------------

register.filter("cn_day", chinese_dates.day)
register.filter("cn_date", chinese_dates.date_with_year)
register.filter("cn_short", chinese_dates.short)
register.filter("cn_time", chinese_dates.time_of_day)
register.filter("cn_moment", chinese_dates.moment)
register.filter("cn_month", chinese_dates.month)


@register.simple_tag
def cn_span(start, end=None):
    """4月4日 星期六 上午9:00—9:30, whose hours stay on one line."""
    before, _, hours = chinese_dates.span(start, end).rpartition(" ")
    # One element: a card's cell on the phone lays its children side by side.
    return format_html('<span>{} <span class="nowrap">{}</span></span>', before, hours)


# --- figures ---------------------------------------------------------------------------------


@register.filter
def figure(value, places=0):
    """`12345.6|figure:1` → 12,345.6; None → —."""
    if value is None or value == "":
        return "—"
    return f"{value:,.{int(places)}f}"


@register.filter
def percent(value, places=1):
    """`0.8312|percent` → 83.1%; None → —."""
    if value is None or value == "":
        return "—"
    return f"{100 * value:.{int(places)}f}%"


@register.filter
def dash(value):
    """— for nothing, so that a table cell is never blank."""
    return "—" if value is None or value == "" else value


# --- masking ---------------------------------------------------------------------------------

register.filter("mask_name", masking.mask_name)
register.filter("mask_id_number", masking.mask_id_number)
register.filter("mask_phone", masking.mask_phone)
register.filter("mask_address", masking.mask_address)
