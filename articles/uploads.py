"""Uploaded files received without filling memory or disk."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from .images.decoding import MAX_BYTES


class BoundedFileUploadHandler(TemporaryFileUploadHandler):
    """Keep a file up to the greatest size that an image may have, and drop what comes after.

    The form learns the true size, and says that it is too large: the connection need not be cut without a word.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= MAX_BYTES:
            self.file.write(raw_data)
