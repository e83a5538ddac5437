"""The library of images in the admin: upload, list, and where an image is shown."""

from collections import Counter
from collections.abc import Callable

from django import forms
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.logged_admin import LoggedDeletionsMixin
from articles import image_store, languages
from articles.images.decoding import MAX_BYTES, ImageRefused
from articles.models import Illustrated, Image
from articles.pictures import picture_html
from articles.turns import take_turns

from .insertion import ALT_FIELDS, InsertionMixin, file_name_of, prepared_upload

THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT = 120, 60


class ImageForm(forms.ModelForm):
    """An upload and what is said about it; once stored, the file stays as it is."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=format_lazy(
            gettext_lazy("JPEG, PNG, WebP, AVIF or GIF, at most {number} MB. Place and other data in it are removed."),
            number=MAX_BYTES // (1024 * 1024),
        ),
        # The form says itself, with the size, that a file is empty.
        allow_empty_file=True,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,image/avif,image/gif"}),
    )

    class Meta:
        model = Image
        fields = ["key", *ALT_FIELDS]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["file"]
        if "key" in self.fields:
            self.fields["key"].required = False

    def clean_file(self) -> UploadedFile:
        """Take over what ImageAdmin.add_view made of the file; a content that is there already is named, not added."""
        upload = self.cleaned_data["file"]
        if isinstance(upload.prepared, ImageRefused):
            raise upload.prepared
        # Until the end of the transaction nobody else stores the same content.
        take_turns()
        if image := Image.objects.filter(digest=upload.prepared.digest).first():
            image_store.save(image, upload.prepared)
            url = reverse("admin:articles_image_change", args=[image.pk])
            there = _("The library has this image already: {link}.")
            raise ImageRefused(format_html(there, link=format_html('<a href="{}">{}</a>', url, image)))
        return upload


class UndescribedFilter(admin.SimpleListFilter):
    """Images that suggest nothing to readers who do not see them."""

    title = gettext_lazy("alternative text")
    parameter_name = "undescribed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        missing = [(code, _("Missing (%s)") % languages.name(code)) for code in languages.codes()]
        return [("any", _("Missing in some language")), *missing]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        wanted = languages.codes() if self.value() == "any" else [self.value()]
        if not set(wanted) <= set(languages.codes()):
            return queryset
        empty = [Q(**{languages.column("alt", code): value}) for code in wanted for value in ("", None)]
        return queryset.filter(Q(*empty, _connector=Q.OR))


def alt_column(language: str) -> Callable[[Image], str]:
    """Return a column of the list: the alternative text in one language, or that it is missing."""
    field = Image._meta.get_field(languages.column("alt", language))

    @admin.display(description=field.verbose_name, ordering=field.name)
    def column(image: Image) -> str:
        if alt := getattr(image, field.name):
            return format_html('<span lang="{}">{}</span>', language, alt)
        return format_html('<span class="state state-missing">{}</span>', _("missing"))

    column.__name__ = f"described_{language}"
    return column


@admin.register(Image)
class ImageAdmin(LoggedDeletionsMixin, InsertionMixin, admin.ModelAdmin):
    form = ImageForm
    list_display = ["thumbnail", "key", "shown_times", *map(alt_column, languages.codes()), "size"]
    # A picture without words names no link.
    list_display_links = ["key"]
    list_filter = [UndescribedFilter]
    search_fields = ["key", "file_name", *ALT_FIELDS]
    list_per_page = 50
    about = ["preview", "shown_in", "size", "file_name", "created_at", "created_by"]

    class Media:
        css = {"all": ["articles/admin.css"]}

    # The list

    def get_changelist_instance(self, request: HttpRequest):
        changelist = super().get_changelist_instance(request)
        times = Counter(key for kind in Illustrated.kinds() for _pk, key in kind.named_images())
        for image in changelist.result_list:
            image.shown_times = times[image.key]
        return changelist

    @admin.display(description=gettext_lazy("preview"))
    def thumbnail(self, image: Image) -> SafeString:
        scale = min(THUMBNAIL_WIDTH / image.width, THUMBNAIL_HEIGHT / image.height, 1)
        size = (max(1, round(side * scale)) for side in (image.width, image.height))
        return format_html('<img src="{}" alt="" width="{}" height="{}" loading="lazy">', image.thumbnail, *size)

    @admin.display(description=gettext_lazy("shown in"))
    def shown_times(self, image: Image) -> str:
        number = image.shown_times
        return ngettext("%d text", "%d texts", number) % number if number else _("no text")

    @admin.display(description=gettext_lazy("size"), ordering="width")
    def size(self, image: Image) -> str:
        return f"{image.width} × {image.height}"

    # The form

    def get_fieldsets(self, request: HttpRequest, image: Image | None = None) -> list:
        said = (None, {"fields": ["key", *ALT_FIELDS]})
        if image is None:
            return [(None, {"fields": ["file"]}), said]
        said[1]["fields"].append("markdown")
        return [said, (_("The image"), {"fields": self.about})]

    def get_readonly_fields(self, request: HttpRequest, image: Image | None = None) -> list[str]:
        return ["key", "markdown", *self.about] if image else []

    @admin.display(description=gettext_lazy("preview"))
    def preview(self, image: Image) -> SafeString:
        return picture_html(image, alt=image.alt or "", is_lazy=False)

    @admin.display(description=gettext_lazy("Markdown to copy into a text"))
    def markdown(self, image: Image) -> SafeString:
        lines = ((code, languages.name(code), image.markdown(code)) for code in languages.codes())
        return format_html_join("", '<p>{1}: <code lang="{0}">{2}</code></p>', lines)

    @admin.display(description=gettext_lazy("shown in"))
    def shown_in(self, image: Image) -> SafeString:
        return text_links(image) or _("No text shows it.")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        with image_store.workspace() as folder:
            upload = request.FILES.get("file")
            if upload is not None and self.has_add_permission(request):
                try:
                    upload.prepared = prepared_upload(upload, folder)
                except ImageRefused as refusal:
                    upload.prepared = refusal
            return super().add_view(request, form_url, extra_context)

    def response_add(self, request: HttpRequest, obj: Image, post_url_continue: str | None = None) -> HttpResponse:
        # Its Markdown stands on the form.
        if "_addanother" not in request.POST:
            request.POST = request.POST.copy()
            request.POST["_continue"] = "1"
        return super().response_add(request, obj, post_url_continue)

    def save_model(self, request: HttpRequest, image: Image, form: ImageForm, change: bool) -> None:
        if change:
            image.save(update_fields=["alt", *ALT_FIELDS])
            return
        upload = form.cleaned_data["file"]
        image.file_name = file_name_of(upload)
        image.created_by = request.user
        image_store.save(image, upload.prepared)

    # Deleting

    def get_deleted_objects(self, images: QuerySet, request: HttpRequest) -> tuple:
        """Name the images and, as what stands against it, the texts that show one of them."""
        shown = [format_html("{}: {}", image, links) for image in images if (links := text_links(image))]
        return [str(image) for image in images], {self.opts.verbose_name_plural: len(images)}, set(), shown

    def delete_model(self, request: HttpRequest, image: Image) -> None:
        image_store.delete(image)

    def delete_queryset(self, request: HttpRequest, images: QuerySet) -> None:
        for image in images:
            image_store.delete(image)


def text_links(image: Image) -> SafeString:
    """Return links to the forms of whatever shows an image; nothing where there is none."""
    links = ((reverse(admin_urlname(thing._meta, "change"), args=[thing.pk]), thing) for thing in image.shown_in())
    return format_html_join(", ", '<a href="{}">{}</a>', links)
