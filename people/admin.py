"""People and faces in Django's admin. It uses the actions of the pages, so the owner's history can undo them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
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

from accounts.models import User
from media.text import clean_line
from mirage.refusals import NotPossible
from mirage.web.admin import ReadOnlyAdmin, asked
from mirage.wording import counted
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
        '<img src="{}" width="{}" height="{}" loading="lazy" alt="Face {}">', address, side, side, face_id
    )


class PersonForm(forms.ModelForm):
    def clean_name(self) -> str:
        """Names are unique in a library: a name that is taken calls for a merge."""
        try:
            actions.check_name(self.instance.owner, self.cleaned_data["name"], self.instance)
        except NameTaken as taken:
            raise ValidationError(f"{taken} Merge them instead.") from taken
        return self.cleaned_data["name"]

    def clean_cover(self) -> Face | None:
        face = self.cleaned_data["cover"]
        if face is not None and face.person_id != self.instance.pk:
            raise ValidationError("This is another person's face.")
        return face


class NamedFilter(admin.SimpleListFilter):
    title, parameter_name = "name", "named"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "named"), ("no", "without a name"), ("merged", "merged into others")]

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

    @admin.display(description="picture")
    def face(self, person: Any) -> SafeString | str:
        """The face that stands for the person."""
        return crop(person.cover_id or person.best_face)

    @admin.display(description="faces", ordering="face_count")
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

    @admin.action(description="Merge into one person")
    def merge(self, request: HttpRequest, people: QuerySet[Person]) -> HttpResponse | None:
        """Show the faces of these people and ask which of them stays."""
        chosen = list(people.select_related("owner").order_by("name", "pk")[: MOST_MERGED + 1])
        if not 2 <= len(chosen) <= MOST_MERGED or len({person.owner_id for person in chosen}) > 1:
            self.message_user(request, f"Choose 2 to {MOST_MERGED} people of one owner.", messages.ERROR)
            return None
        chosen.sort(key=lambda person: (not person.name, person.name))
        if "target" not in request.POST:
            asked = [(person, samples(person, SIDE_BY_SIDE)) for person in chosen]
            return self.ask(request, "Which person stays?", "admin/people/merge.html", chosen, people=asked)
        chosen.sort(key=lambda person: str(person.pk) != request.POST["target"])
        self.tell(request, lambda by: actions.merge(chosen[0], chosen[1:], by), f"Merged into {chosen[0]}.")
        return None

    @admin.action(description="Hide")
    def hide(self, request: HttpRequest, people: QuerySet[Person]) -> None:
        self.hide_or_show(request, people, hidden=True)

    @admin.action(description="Show again")
    def show(self, request: HttpRequest, people: QuerySet[Person]) -> None:
        self.hide_or_show(request, people, hidden=False)

    def hide_or_show(self, request: HttpRequest, people: QuerySet[Person], *, hidden: bool) -> None:
        by_owner: defaultdict[int, list[Person]] = defaultdict(list)
        for person in people.select_related("owner"):
            by_owner[person.owner_id].append(person)
        for some in by_owner.values():
            word = "hidden" if hidden else "shown again"
            text = f"{counted(len(some), 'person', 'people')} of {some[0].owner} {word}."
            self.tell(request, partial(actions.hide, some, hidden=hidden), text)

    def ask(self, request: HttpRequest, title: str, template: str, rows: Sequence[Any], **more: Any) -> HttpResponse:
        return asked(self, request, title, template, rows, **more)

    def tell(self, request: HttpRequest, act: Callable[[User], Any], text: str) -> None:
        told(self, request, act, text)


class WithSomebody(admin.SimpleListFilter):
    title, parameter_name = "person", "with"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("named", "somebody named"), ("unnamed", "somebody without a name"), ("nobody", "nobody")]

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
            yield {**choice, "display": choice["display"] or "None"}


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

    @admin.display(description="picture")
    def picture(self, face: Face) -> SafeString | str:
        return crop(face.pk)

    @admin.action(description="Assign to a person")
    def assign(self, request: HttpRequest, faces: QuerySet[Face]) -> HttpResponse | None:
        """Ask for the name; a person who is not known yet is made."""
        chosen = self.of_one_owner(request, faces)
        if not chosen:
            return None
        name = clean_line(request.POST.get("name", ""))
        if not name:
            known = Person.objects.filter(owner=chosen[0].photo.owner, merged_into=None).exclude(name="")
            names = known.order_by("name").values_list("name", flat=True)
            return asked(self, request, "Who is it?", "admin/people/assign.html", chosen, names=names)
        told(
            self, request, lambda by: actions.name_faces(chosen, name, by), f"{self.count(chosen)} assigned to {name}."
        )
        return None

    @admin.action(description="Confirm the person they have")
    def confirm(self, request: HttpRequest, faces: QuerySet[Face]) -> None:
        by_person: defaultdict[Person, list[Face]] = defaultdict(list)
        for face in faces.filter(person__isnull=False).select_related("photo__owner", "person__owner"):
            assert face.person is not None
            by_person[face.person].append(face)
        for person, some in by_person.items():
            text = f"{self.count(some)} confirmed as {person}."
            told(self, request, partial(actions.confirm, some, person), text)

    @admin.action(description="Remove from their person")
    def take_away(self, request: HttpRequest, faces: QuerySet[Face]) -> None:
        if chosen := self.of_one_owner(request, faces):
            told(self, request, lambda by: actions.move_faces(chosen, None, by), f"{self.count(chosen)} removed.")

    @admin.action(description="Not a face")
    def not_faces(self, request: HttpRequest, faces: QuerySet[Face]) -> None:
        if chosen := self.of_one_owner(request, faces):
            text = f"{self.count(chosen)} marked as not a face."
            told(self, request, lambda by: actions.mark_not_a_face(chosen, by), text)

    def of_one_owner(self, request: HttpRequest, faces: QuerySet[Face]) -> list[Face]:
        """The owner of these rows, if they have only one: an action belongs to one history."""
        chosen = list(faces.select_related("photo__owner"))
        if len({face.photo.owner_id for face in chosen}) == 1:
            return chosen
        self.message_user(request, "Choose faces of one owner.", messages.ERROR)
        return []

    @staticmethod
    def count(faces: Sequence[Face]) -> str:
        return counted(len(faces), "face")


# --- shared -----------------------------------------------------------------------------------------------------------


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
