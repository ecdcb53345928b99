"""What pages share: formats, query parameters, lists, exports, navigation."""
