"""What translators' tools take and give back: catalogues of the prose, as gettext's PO and as XLIFF."""
