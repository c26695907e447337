"""The form of a saved search, in the browser and in the API."""

from django import forms

from search.language.grammar import Mistake, parse
from search.models import SavedSearch


class SearchForm(forms.ModelForm):
    """A name for a search that can be read."""

    class Meta:
        model = SavedSearch
        fields = ("name", "query", "pinned")

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = SavedSearch.objects.filter(owner=self.instance.owner, name=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError("Another of your searches has this name.")
        return name

    def clean_query(self) -> str:
        try:
            return str(parse(self.cleaned_data["query"]))
        except Mistake as mistake:
            raise forms.ValidationError(mistake.message) from mistake
