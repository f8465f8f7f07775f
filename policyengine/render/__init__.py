"""Rule sets as policy documents for people: pages in 中文 or English, as Markdown or HTML."""

from policyengine.render.document import document_of
from policyengine.render.html import html_of
from policyengine.render.markdown import markdown_of
from policyengine.render.page import Page
from policyengine.render.subject import Subject, subject_of

__all__ = ["Page", "Subject", "document_of", "html_of", "markdown_of", "subject_of"]
