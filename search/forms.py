"""The form of a saved search, for the page and the API."""

from django import forms
from django.utils.translation import gettext as _

from media.text import clean_line, name_key
from search.language.grammar import Mistake, parse
from search.models import SavedSearch
from search.results.lasting import lasting


class SearchForm(forms.ModelForm):
    """A name for a valid search."""

    class Meta:
        model = SavedSearch
        fields = ("name", "query", "pinned")

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        if not name_key(name):
            raise forms.ValidationError(_("Enter a name with visible characters."))
        others = SavedSearch.objects.filter(owner=self.instance.owner).exclude(pk=self.instance.pk)
        if name_key(name) in map(name_key, others.values_list("name", flat=True)):
            raise forms.ValidationError(_("Another of your searches has this name."))
        return name

    def clean_query(self) -> str:
        try:
            return str(parse(lasting(self.cleaned_data["query"])))
        except Mistake as mistake:
            raise forms.ValidationError(mistake.message) from mistake
