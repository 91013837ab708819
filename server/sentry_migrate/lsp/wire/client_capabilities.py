"""What the client can do, as a dozen booleans.

Owns reading `ClientCapabilities`, once. Everything else asks these fields and never the
capabilities, so that a feature depends on what a client says and never on who it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder, get_capability

from sentry_migrate.text.lines import Encoding


@dataclass(frozen=True, slots=True)
class Client:
    """Defaults are those of a client that says nothing."""

    encoding: Encoding = "utf-16"
    name: str = "unknown"
    # Diagnostics
    pull_diagnostics: bool = False
    refresh_diagnostics: bool = False
    related_information: bool = False
    deprecated_tag: bool = False
    unnecessary_tag: bool = False
    code_description: bool = False
    # Edits and actions
    document_changes: bool = False
    annotations: bool = False
    edit_metadata: bool = False
    resolve_edits: bool = False
    preferred_actions: bool = False
    apply_edit: bool = False
    # The rest
    markdown: bool = False
    configuration: bool = False
    watch_configuration: bool = False
    watch_files: bool = False
    work_done: bool = False
    show_document: bool = False
    text_contents: bool = False
    refresh_lenses: bool = False


def resolve(params: types.InitializeParams) -> Client:
    """The client that sent `params`."""
    capabilities = params.capabilities

    def has(path: str) -> bool:
        return bool(get_capability(capabilities, path, False))

    def among(path: str, value: Any) -> bool:
        values: Iterable[Any] = get_capability(capabilities, path, ()) or ()
        return value in tuple(values)

    published = "text_document.publish_diagnostics"
    pulled = "text_document.diagnostic"
    deprecated, unnecessary = types.DiagnosticTag.Deprecated, types.DiagnosticTag.Unnecessary
    action = "text_document.code_action"
    encoding = ServerCapabilitiesBuilder.choose_position_encoding(capabilities)
    return Client(
        encoding=str(getattr(encoding, "value", encoding)),  # type: ignore[arg-type]
        name=params.client_info.name if params.client_info else "unknown",
        pull_diagnostics=get_capability(capabilities, pulled, None) is not None,
        refresh_diagnostics=has("workspace.diagnostics.refresh_support"),
        related_information=has(f"{published}.related_information")
        or has(f"{pulled}.related_information"),
        deprecated_tag=among(f"{published}.tag_support.value_set", deprecated)
        or among(f"{pulled}.tag_support.value_set", deprecated),
        unnecessary_tag=among(f"{published}.tag_support.value_set", unnecessary)
        or among(f"{pulled}.tag_support.value_set", unnecessary),
        code_description=has(f"{published}.code_description_support")
        or has(f"{pulled}.code_description_support"),
        document_changes=has("workspace.workspace_edit.document_changes"),
        annotations=has("workspace.workspace_edit.document_changes")
        and get_capability(capabilities, "workspace.workspace_edit.change_annotation_support")
        is not None,
        edit_metadata=has("workspace.workspace_edit.metadata_support"),
        resolve_edits=has(f"{action}.data_support")
        and among(f"{action}.resolve_support.properties", "edit"),
        preferred_actions=has(f"{action}.is_preferred_support"),
        apply_edit=has("workspace.apply_edit"),
        markdown=among("text_document.hover.content_format", types.MarkupKind.Markdown),
        configuration=has("workspace.configuration"),
        watch_configuration=has("workspace.did_change_configuration.dynamic_registration"),
        watch_files=has("workspace.did_change_watched_files.dynamic_registration"),
        work_done=has("window.work_done_progress"),
        show_document=has("window.show_document.support"),
        text_contents=has("workspace.text_document_content.dynamic_registration"),
        refresh_lenses=has("workspace.code_lens.refresh_support"),
    )
