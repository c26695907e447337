"""Components: pieces of HTML that pages share, each a template in templates/components/ with its parameters named here.

Those that hold content stand in pairs, such as {% dialog "merge-title" %} … {% enddialog %}. Further parameters become
attributes of the element, with dashes for underscores: data_action="trash" is written as data-action="trash".
"""

from typing import Any

from django import template
from django.forms.utils import flatatt
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()

KEY_NAMES = {"Delete": "Del", "Escape": "Esc", "ArrowLeft": "←", "ArrowRight": "→"}  # as keyboards call them


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
    """A form that posts to `url` with the CSRF token, through HTMX where that runs.

    The answer replaces `target`, or is added to it where that is "#toasts"; `swap` says otherwise.
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
def dialog(context: RequestContext, content: SafeString, title_id: str, wide: bool = False) -> SafeString:
    """A dialog that opens as it arrives; in a page of its own, without HTMX, the content alone.

    `title_id` is the id of the heading in the content.
    """
    if not context["request"].htmx:
        return content
    return render_to_string("components/dialog.html", {"content": content, "title_id": title_id, "wide": wide})


@register.inclusion_tag("components/cancel.html", takes_context=True)
def cancel(context: RequestContext, url: str, label: str = "Cancel", **attributes: Any) -> dict[str, Any]:
    """What leaves a dialog without doing anything: closes it, or leads to `url` where it is a page of its own."""
    return {"htmx": context["request"].htmx, "url": url or "/", "label": label, "attributes": _written(attributes)}


@register.simple_block_tag
def sheet(content: SafeString, id: str, title: str) -> SafeString:
    """A wide dialog with a title and a cross, which [data-dialog=ID] opens."""
    return render_to_string("components/sheet.html", {"content": content, "id": id, "title": title})


@register.simple_block_tag
def empty_state(content: SafeString, icon: str, title: str) -> SafeString:
    """What stands where a list has nothing to show: why that is, and what to do about it."""
    return render_to_string("components/empty_state.html", {"content": content, "icon": icon, "title": title})


@register.inclusion_tag("components/icon_button.html")
def icon_button(
    label: str, icon: str, href: str = "", key: str = "", css: str = "", tip: bool = False, **attributes: Any
) -> dict[str, Any]:
    """A round button that shows an icon alone; with `href` a link. `key` is the shortcut that presses it.

    The label shows after a while; with `tip` at once, where the stylesheet draws [data-tip].
    """
    said = f"{label} ({KEY_NAMES.get(key, key)})" if key else label
    attributes |= {"aria_label": label, "data_tip" if tip else "title": said}
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
    """A link of the rail or of the bottom bar; on its own page it is marked, with `section` on those below it too.

    `badge` is a number beside it, in red unless it is `calm`.
    """
    path = context["request"].path
    current = current or path == url or (section and path.startswith(url))
    return {"url": url, "label": label, "icon": icon, "css": css, "current": current, "badge": badge, "calm": calm}


@register.inclusion_tag("components/bar_button.html")
def bar_button(
    label: str, icon: str, url: str = "", htmx: bool = True, css: str = "bar-button", **attributes: Any
) -> dict[str, Any]:
    """A button of the bar of bulk actions, which sends the selection to `url`; the script does it with data_action."""
    if url:
        attributes["formaction"] = url
        if htmx and "data_action" not in attributes:
            attributes["hx-post"] = url
    return {"label": label, "icon": icon, "css": css, "attributes": _written(attributes)}


def _written(attributes: dict[str, Any]) -> SafeString:
    """Attributes as HTML; those that are True stand alone, those that are False or None are left out."""
    return flatatt({name.replace("_", "-"): value for name, value in attributes.items()})
