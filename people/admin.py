"""People and faces in Django's admin. It uses the actions of the pages, so the owner's history can undo them."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from media.text import clean_line
from mirage.refusals import NotPossible
from mirage.web.admin import ReadOnlyAdmin, asked
from mirage.wording import number_in_words
from people import actions
from people.actions import NameTaken
from people.covers import samples, shown_faces
from people.models import Face, FaceRejection, FaceScan, Person, PersonSeparation, Question
from people.views.crops import picture_of

SIDE_BY_SIDE = 6  # faces of each, when a merge is asked about
MOST_MERGED = 20


def crop(face_id: int | None, side: int = 60) -> SafeString | str:
    """The face's picture, for those who may see faces in the admin."""
    if face_id is None:
        return "–"
    address = reverse("admin:people_face_crop", args=[face_id])
    return format_html(
        '<img src="{}" width="{}" height="{}" loading="lazy" alt="{}">',
        address,
        side,
        side,
        _("Face %(number)s") % {"number": face_id},
    )


class PersonForm(forms.ModelForm):
    def clean_name(self) -> str:
        """Names are unique in a library: a name that is taken calls for a merge."""
        try:
            actions.check_name(self.instance.owner, self.cleaned_data["name"], self.instance)
        except NameTaken as taken:
            raise ValidationError(_("%(problem)s Merge them instead.") % {"problem": taken}) from taken
        return self.cleaned_data["name"]

    def clean_cover(self) -> Face | None:
        face = self.cleaned_data["cover"]
        if face is not None and face.person_id != self.instance.pk:
            raise ValidationError(_("This is another person's face."))
        return face


class NamedFilter(admin.SimpleListFilter):
    title, parameter_name = _lazy("name"), "named"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("named")), ("no", _("without a name")), ("merged", _("merged into others"))]

    def queryset(self, request: HttpRequest, people: QuerySet[Person]) -> QuerySet[Person]:
        match self.value():
            case "yes":
                return people.filter(merged_into=None).exclude(name="")
            case "no":
                return people.filter(merged_into=None, name="")
            case "merged":
                return people.exclude(merged_into=None)
        return people


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    form = PersonForm
    list_display = ("face", "__str__", "owner", "face_count", "birthday", "hidden", "merged_into")
    list_display_links = ("face", "__str__")
    list_filter = (NamedFilter, "hidden", "owner")
    list_select_related = ("owner", "merged_into")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("name", "key")
    raw_id_fields = ("cover",)
    readonly_fields = ("owner", "key", "merged_into", "created_at")
    actions = ("merge", "hide", "show")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        best = shown_faces(person=OuterRef("pk")).values("pk")[:1]
        # counted for the people on the page, not for all of them
        theirs = Face.objects.filter(person=OuterRef("pk"), not_a_face=False).order_by().values("person")
        count = Coalesce(Subquery(theirs.annotate(count=Count("pk")).values("count")), 0)
        return super().get_queryset(request).annotate(face_count=count, best_face=Subquery(best))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people are made from faces

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return False  # people are hidden or merged, so that what was decided about them is kept

    @admin.display(description=_lazy("picture"))
    def face(self, person: Any) -> SafeString | str:
        """The face that stands for the person."""
        return crop(person.cover_id or person.best_face)

    @admin.display(description=_lazy("faces"), ordering="face_count")
    def face_count(self, person: Any) -> int:
        return person.face_count

    def save_model(self, request: HttpRequest, obj: Person, form: forms.ModelForm, change: bool) -> None:
        """Each change is an action of its own, with its own undo."""
        person, wanted = Person.objects.get(pk=obj.pk), form.cleaned_data
        by = acting(request)
        if "name" in form.changed_data:
            actions.name_person(person, wanted["name"], by)
        if "birthday" in form.changed_data:
            actions.set_birthday(person, wanted["birthday"], by)
        if "cover" in form.changed_data and wanted["cover"] is not None:
            actions.set_cover(person, wanted["cover"], by)
        if "hidden" in form.changed_data:
            actions.hide([person], by, hidden=wanted["hidden"])

    @admin.action(description=_lazy("Merge into one person"))
    def merge(self, request: HttpRequest, people: QuerySet[Person]) -> HttpResponse | None:
        """Show the faces of these people and ask which of them stays."""
        chosen = list(people.select_related("owner").order_by("name", "pk")[: MOST_MERGED + 1])
        if not 2 <= len(chosen) <= MOST_MERGED or len({person.owner_id for person in chosen}) > 1:
            self.message_user(
                request, _("Choose 2 to %(most)s people of one owner.") % {"most": MOST_MERGED}, messages.ERROR
            )
            return None
        chosen.sort(key=lambda person: (not person.name, person.name))
        if "target" not in request.POST:
            people_asked = [(person, samples(person, SIDE_BY_SIDE)) for person in chosen]
            title = _("Which person stays?")
            return asked(self, request, title, "admin/people/merge.html", chosen, people=people_asked)
        chosen.sort(key=lambda person: str(person.pk) != request.POST["target"])
        text = _("Merged into %(name)s.") % {"name": chosen[0]}
        told(self, request, lambda by: actions.merge(chosen[0], chosen[1:], by), text)
        return None

    @admin.action(description=_lazy("Hide"))
    def hide(self, request: HttpRequest, people: QuerySet[Person]) -> None:
        self.hide_or_show(request, people, hidden=True)

    @admin.action(description=_lazy("Show again"))
    def show(self, request: HttpRequest, people: QuerySet[Person]) -> None:
        self.hide_or_show(request, people, hidden=False)

    def hide_or_show(self, request: HttpRequest, people: QuerySet[Person], *, hidden: bool) -> None:
        by_owner: defaultdict[int, list[Person]] = defaultdict(list)
        for person in people.select_related("owner"):
            by_owner[person.owner_id].append(person)
        for some in by_owner.values():
            sentence = (
                ngettext("%(number)s person of %(owner)s hidden.", "%(number)s people of %(owner)s hidden.", len(some))
                if hidden
                else ngettext(
                    "%(number)s person of %(owner)s shown again.",
                    "%(number)s people of %(owner)s shown again.",
                    len(some),
                )
            )
            text = sentence % {"number": number_in_words(len(some)), "owner": some[0].owner}
            told(self, request, partial(actions.hide, some, hidden=hidden), text)


class WithSomebody(admin.SimpleListFilter):
    title, parameter_name = _lazy("person"), "with"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("named", _("somebody named")),
            ("unnamed", _("somebody without a name")),
            ("nobody", _("nobody")),
        ]

    def queryset(self, request: HttpRequest, faces: QuerySet[Face]) -> QuerySet[Face]:
        match self.value():
            case "named":
                return faces.filter(person__isnull=False).exclude(person__name="")
            case "unnamed":
                return faces.filter(person__name="")
            case "nobody":
                return faces.filter(person=None)
        return faces


class ModelFilter(admin.AllValuesFieldListFilter):
    """By the model that described the face; those that somebody drew have none."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or pgettext("model", "None")}


@admin.register(Face)
class FaceAdmin(admin.ModelAdmin):
    list_display = ("picture", "photo", "person", "assignment", "source", "score", "quality", "not_a_face")
    list_display_links = ("picture", "photo")
    list_filter = (WithSomebody, "assignment", "source", "not_a_face", "photo__owner", ("model", ModelFilter))
    list_select_related = ("photo", "person")
    list_per_page = 100
    show_full_result_count = False
    search_fields = ("person__name", "photo__original_name", "photo__key")
    exclude = ("vector",)
    actions = ("assign", "confirm", "take_away", "not_faces")

    def get_readonly_fields(self, request: HttpRequest, obj: Face | None = None) -> list[str]:
        """All of them: faces are changed by the actions of the list."""
        return ["picture", *(field.name for field in Face._meta.fields if field.name != "vector")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Face | None = None) -> bool:
        return False  # "not a face" is remembered; a deleted face would be found again

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.crop)
        return [path("<int:face_id>/crop.webp", view, name="people_face_crop"), *super().get_urls()]

    def crop(self, request: HttpRequest, face_id: int) -> HttpResponse:
        """The face's picture, whoever owns it."""
        face = get_object_or_404(Face.objects.select_related("photo"), pk=face_id)
        if not self.has_view_permission(request, face):
            raise PermissionDenied
        return picture_of(face, "small")

    @admin.display(description=_lazy("picture"))
    def picture(self, face: Face) -> SafeString | str:
        return crop(face.pk)

    @admin.action(description=_lazy("Assign to a person"))
    def assign(self, request: HttpRequest, faces: QuerySet[Face]) -> HttpResponse | None:
        """Ask for the name; a person who is not known yet is made."""
        chosen = self.of_one_owner(request, faces)
        if not chosen:
            return None
        name = clean_line(request.POST.get("name", ""))
        if not name:
            known = Person.objects.filter(owner=chosen[0].photo.owner, merged_into=None).exclude(name="")
            names = known.order_by("name").values_list("name", flat=True)
            return asked(self, request, _("Who is it?"), "admin/people/assign.html", chosen, names=names)
        sentence = ngettext(
            "%(number)s face assigned to %(name)s.", "%(number)s faces assigned to %(name)s.", len(chosen)
        )
        text = sentence % {"number": number_in_words(len(chosen)), "name": name}
        told(self, request, lambda by: actions.name_faces(chosen, name, by), text)
        return None

    @admin.action(description=_lazy("Confirm the person they have"))
    def confirm(self, request: HttpRequest, faces: QuerySet[Face]) -> None:
        by_person: defaultdict[Person, list[Face]] = defaultdict(list)
        for face in faces.filter(person__isnull=False).select_related("photo__owner", "person__owner"):
            assert face.person is not None
            by_person[face.person].append(face)
        for person, some in by_person.items():
            sentence = ngettext(
                "%(number)s face confirmed as %(name)s.", "%(number)s faces confirmed as %(name)s.", len(some)
            )
            text = sentence % {"number": number_in_words(len(some)), "name": person}
            told(self, request, partial(actions.confirm, some, person), text)

    @admin.action(description=_lazy("Remove from their person"))
    def take_away(self, request: HttpRequest, faces: QuerySet[Face]) -> None:
        if chosen := self.of_one_owner(request, faces):
            sentence = ngettext("%(number)s face removed.", "%(number)s faces removed.", len(chosen))
            text = sentence % {"number": number_in_words(len(chosen))}
            told(self, request, lambda by: actions.move_faces(chosen, None, by), text)

    @admin.action(description=_lazy("Not a face"))
    def not_faces(self, request: HttpRequest, faces: QuerySet[Face]) -> None:
        if chosen := self.of_one_owner(request, faces):
            sentence = ngettext(
                "%(number)s face marked as not a face.", "%(number)s faces marked as not a face.", len(chosen)
            )
            text = sentence % {"number": number_in_words(len(chosen))}
            told(self, request, lambda by: actions.mark_not_a_face(chosen, by), text)

    def of_one_owner(self, request: HttpRequest, faces: QuerySet[Face]) -> list[Face]:
        """The owner of these rows, if they have only one: an action belongs to one history."""
        chosen = list(faces.select_related("photo__owner"))
        if len({face.photo.owner_id for face in chosen}) == 1:
            return chosen
        self.message_user(request, _("Choose faces of one owner."), messages.ERROR)
        return []


# --- decisions and what the program keeps: to look at only ------------------------------------------------------------


@admin.register(FaceRejection)
class FaceRejectionAdmin(ReadOnlyAdmin):
    list_display = ("face", "person", "at")
    list_select_related = ("face", "person")
    search_fields = ("person__name",)


@admin.register(PersonSeparation)
class PersonSeparationAdmin(ReadOnlyAdmin):
    list_display = ("first", "second", "at")
    list_select_related = ("first", "second")
    search_fields = ("first__name", "second__name")


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    list_display = ("person", "face", "other", "similarity", "value", "skipped_at")
    list_filter = ("owner",)
    list_select_related = ("person", "face", "other")
    search_fields = ("person__name",)


@admin.register(FaceScan)
class FaceScanAdmin(ReadOnlyAdmin):
    list_display = ("photo", "model", "at")
    list_select_related = ("photo",)
    search_fields = ("photo__original_name",)


def told(model_admin: admin.ModelAdmin, request: HttpRequest, act: Callable[[User], Any], text: str) -> None:
    """Do it in the administrator's name, and show what was done, or why it was not."""
    try:
        act(acting(request))
    except NotPossible as error:
        model_admin.message_user(request, str(error), messages.ERROR)
    else:
        model_admin.message_user(request, text, messages.SUCCESS)


def acting(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
