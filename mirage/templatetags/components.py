"""Components: HTML that pages share. Each is a template in templates/components/, with its parameters defined here.

Those with content come in pairs, such as {% dialog "merge-title" %} … {% enddialog %}. Other parameters become
attributes of the element, with dashes instead of underscores: data_action="trash" becomes data-action="trash".
"""

from typing import Any

from django import template
from django.forms.utils import flatatt
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy

from mirage.web.stale import PREFIX, as_text
from mirage.wording import Words

register = template.Library()

KEY_NAMES: dict[str, Words] = {  # names on keyboards
    "Delete": pgettext_lazy("key", "Del"),
    "Escape": pgettext_lazy("key", "Esc"),
    "ArrowLeft": "←",
    "ArrowRight": "→",
}


@register.simple_block_tag(takes_context=True)
def post_form(
    context: RequestContext,
    content: SafeString,
    url: str,
    target: str = "",
    swap: str = "",
    htmx: bool = True,
    **attributes: Any,
) -> SafeString:
    """A form that posts to `url` with the CSRF token, through HTMX if it runs.

    The answer replaces `target`, or is added to it if it is "#toasts", unless `swap` says otherwise.
    """
    if htmx:
        attributes["hx-post"] = url
    if target:
        attributes["hx-target"] = target
        swap = swap or ("beforeend" if target == "#toasts" else "outerHTML")
    if swap:
        attributes["hx-swap"] = swap
    parameters = {"url": url, "content": content, "attributes": _written(attributes)}
    return render_to_string("components/post_form.html", {**parameters, "csrf_token": context.get("csrf_token")})


@register.simple_block_tag(takes_context=True)
def selection_bar(context: RequestContext, content: SafeString) -> SafeString:
    """The bar of bulk actions. Its buttons say where they post what is selected; the answers are toasts."""
    parameters = {"next": context["request"].get_full_path(), "content": content}
    return render_to_string("components/selection_bar.html", {**parameters, "csrf_token": context.get("csrf_token")})


@register.simple_tag
def before(field: str, value: object) -> SafeString:
    """What a form's field showed when the form was opened; the view reads it by `mirage.web.stale.fresh`."""
    return format_html('<input type="hidden" name="{}" value="{}">', PREFIX + field, as_text(value))


@register.simple_block_tag(takes_context=True)
def dialog(context: RequestContext, content: SafeString, title_id: str, wide: bool = False) -> SafeString:
    """A dialog that opens when it arrives. Without HTMX, it is only the content, on a separate page.

    `title_id` is the id of the heading in the content.
    """
    if not context["request"].htmx:
        return content
    return render_to_string("components/dialog.html", {"content": content, "title_id": title_id, "wide": wide})


@register.inclusion_tag("components/cancel.html", takes_context=True)
def cancel(context: RequestContext, url: str, label: str = "", **attributes: Any) -> dict[str, Any]:
    """A button that leaves a dialog without an action: it closes the dialog or, on a separate page, leads to `url`."""
    return {
        "htmx": context["request"].htmx,
        "url": url or "/",
        "label": label or gettext("Cancel"),
        "attributes": _written(attributes),
    }


@register.simple_block_tag
def sheet(content: SafeString, id: str, title: str) -> SafeString:
    """A wide dialog with a title and a close button. An element with [data-dialog=ID] opens it."""
    return render_to_string("components/sheet.html", {"content": content, "id": id, "title": title})


@register.simple_block_tag
def empty_state(content: SafeString, icon: str, title: str) -> SafeString:
    """The message of an empty list: why it is empty, and what to do."""
    return render_to_string("components/empty_state.html", {"content": content, "icon": icon, "title": title})


@register.inclusion_tag("components/icon_button.html")
def icon_button(
    label: str, icon: str, href: str = "", key: str = "", css: str = "", tip: bool = False, **attributes: Any
) -> dict[str, Any]:
    """A round button with only an icon, or a link with `href`. `key` is its keyboard shortcut.

    Its label appears after a moment; with `tip` at once, because the stylesheet draws [data-tip].
    """
    text = f"{label} ({KEY_NAMES.get(key, key)})" if key else label
    attributes = {"aria_label": label, "data_tip" if tip else "title": text, **attributes}
    if key:
        attributes["data_shortcut"] = key
    if not href:
        attributes.setdefault("type", "button")
    return {"icon": icon, "href": href, "css": css, "attributes": _written(attributes)}


@register.inclusion_tag("components/menu_item.html")
def menu_item(label: str, icon: str, href: str = "", key: str = "", **attributes: Any) -> dict[str, Any]:
    """A row of a menu: an icon, words, and the shortcut `key` that presses it; with `href` a link."""
    if key:
        attributes["data_shortcut"] = key
    return {
        "label": label,
        "icon": icon,
        "href": href,
        "key": KEY_NAMES.get(key, key),
        "attributes": _written(attributes),
    }


@register.inclusion_tag("components/rail_link.html", takes_context=True)
def rail_link(
    context: RequestContext,
    url: str,
    label: str,
    icon: str,
    css: str = "",
    section: bool = False,
    current: bool = False,
    badge: int = 0,
    calm: bool = False,
) -> dict[str, Any]:
    """A link in the rail or the bottom bar. It is marked on its own page and, with `section`, on pages below it.

    `badge` is a number beside it, red unless it is `calm`.
    """
    path = context["request"].path
    current = current or path == url or (section and path.startswith(url))
    return {"url": url, "label": label, "icon": icon, "css": css, "current": current, "badge": badge, "calm": calm}


@register.inclusion_tag("components/bar_button.html")
def bar_button(
    label: str, icon: str, url: str = "", htmx: bool = True, css: str = "bar-button", **attributes: Any
) -> dict[str, Any]:
    """A button in the bar of bulk actions. It sends the selection to `url`; with data_action, the script does."""
    if url:
        attributes["formaction"] = url
        if htmx and "data_action" not in attributes:
            attributes["hx-post"] = url
    return {"label": label, "icon": icon, "css": css, "attributes": _written(attributes)}


def _written(attributes: dict[str, Any]) -> SafeString:
    """Attributes as HTML. True ones have no value; False and None are left out."""
    return flatatt({name.replace("_", "-"): value for name, value in attributes.items()})
