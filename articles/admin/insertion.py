"""Images for the editor: uploaded, described and chosen while a text is written."""

from pathlib import Path, PurePath

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from articles import image_store, languages
from articles.images.decoding import ImageRefused, check_size
from articles.images.encoding import Encoded
from articles.models import Image

from .refusals import login_refusal, refusal

ALT_FIELDS = [languages.column("alt", code) for code in languages.codes()]
# As many as the dialog shows at once; others are searched for.
MAX_CHOICES = 24
LONGEST_SEARCH = 200


class DescriptionForm(forms.Form):
    """An image, and the alternative texts that an author wrote for it, one for each language."""

    key = forms.CharField(required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        longest = Image._meta.get_field("alt").max_length
        for name in ALT_FIELDS:
            self.fields[name] = forms.CharField(required=False, max_length=longest)


class InsertionMixin:
    """The part of the library's admin that the editor's script asks. An image goes into a text by its Markdown."""

    def get_urls(self) -> list:
        # Not led to the login: a script asks.
        return [
            path("upload/", self.upload, name="articles_image_upload"),
            path("describe/", self.describe, name="articles_image_describe"),
            path("choose/", self.choose, name="articles_image_choose"),
            *super().get_urls(),
        ]

    @method_decorator([never_cache, require_POST])
    def upload(self, request: HttpRequest) -> JsonResponse:
        """Store the image in `file`, or find the one with this content, and answer it."""
        if refused := self._refused(request, self.has_add_permission(request)):
            return refused
        file = request.FILES.get("file")
        if file is None:
            return refusal(_("No file came with the request."), status=400)
        with image_store.workspace() as folder:
            try:
                prepared = prepared_upload(file, folder)
            except ImageRefused as reason:
                status = 413 if reason.code == "too_large" else 400
                return refusal(" ".join(reason.messages), status)
            image, is_new = self._store(request, file, prepared)
        return JsonResponse(about(image) | {"is_new": is_new})

    @transaction.atomic
    def _store(self, request: HttpRequest, file: UploadedFile, prepared: Image | Encoded) -> tuple[Image, bool]:
        new = Image(file_name=file_name_of(file), created_by=request.user)
        image = image_store.save(new, prepared)
        if image is new:
            self.log_addition(request, image, [{"added": {}}])
        return image, image is new

    @method_decorator([never_cache, require_POST])
    def describe(self, request: HttpRequest) -> JsonResponse:
        """Answer the Markdown of the image `key` with the alternative texts `alt_…`; the library keeps those it lacks.

        What the library says already stays: in a text, its author has the last word.
        """
        if refused := self._refused(request, self._may_see(request)):
            return refused
        form = DescriptionForm(request.POST)
        if not form.is_valid():
            return refusal(" ".join(error for errors in form.errors.values() for error in errors), status=400)
        with transaction.atomic():
            image = Image.objects.select_for_update().filter(key=form.cleaned_data["key"]).first()
            if image is None:
                return refusal(_("The library has no such image any more."), status=404)
            if self.has_change_permission(request, image) or image.created_by_id == request.user.pk:
                self._fill_in(request, image, form.cleaned_data)
        alts = {code: form.cleaned_data[languages.column("alt", code)] for code in languages.codes()}
        return JsonResponse(about(image, alts))

    def _fill_in(self, request: HttpRequest, image: Image, alts: dict[str, str]) -> None:
        lacking = [name for name in ALT_FIELDS if alts[name] and not getattr(image, name)]
        if not lacking:
            return
        for name in lacking:
            setattr(image, name, alts[name])
        image.save(update_fields=["alt", *lacking])
        names = [str(Image._meta.get_field(name).verbose_name) for name in lacking]
        self.log_change(request, image, [{"changed": {"fields": names}}])

    @method_decorator([never_cache, require_GET])
    def choose(self, request: HttpRequest) -> JsonResponse:
        """Answer the newest images, of those where the words `q` are found, and whether there are more."""
        if refused := self._refused(request, self.has_view_permission(request)):
            return refused
        words = request.GET.get("q", "")[:LONGEST_SEARCH].replace("\0", "")
        images, _has_duplicates = self.get_search_results(request, Image.objects.order_by("-pk"), words)
        found = list(images[: MAX_CHOICES + 1])
        answer = {"images": [about(image) for image in found[:MAX_CHOICES]], "has_more": len(found) > MAX_CHOICES}
        return JsonResponse(answer)

    def _may_see(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) or self.has_add_permission(request)

    def _refused(self, request: HttpRequest, may: bool) -> JsonResponse | None:
        error = _("You may not use the library of images.")
        return login_refusal(self.admin_site, request, error) or (None if may else refusal(error, status=403))


def about(image: Image, alts: dict[str, str] | None = None) -> dict:
    """Return what the script has to know of an image, its Markdown with the given alternative texts or its own."""
    suggested = {code: getattr(image, languages.column("alt", code)) or "" for code in languages.codes()}
    alts = suggested if alts is None else alts
    return {
        "key": image.key,
        "thumbnail": image.thumbnail,
        "width": image.width,
        "height": image.height,
        "alt": suggested,
        "markdown": {code: image.markdown(code, alts[code]) for code in languages.codes()},
    }


def prepared_upload(upload: UploadedFile, folder: Path) -> Image | Encoded:
    """Return what `image_store.prepare` makes of an uploaded file; raise ImageRefused.

    Call it before the transaction, in which other writers would wait some seconds for the encoder.
    """
    check_size(upload.size)
    return image_store.prepare(upload.read(), folder)


def file_name_of(upload: UploadedFile) -> str:
    """Return the name that a browser gave a file, without folders and signs that cannot be shown, not too long."""
    name = "".join(sign for sign in PurePath(upload.name).name if sign.isprintable())
    return name[-Image._meta.get_field("file_name").max_length :]
