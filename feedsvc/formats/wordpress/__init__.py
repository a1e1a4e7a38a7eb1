"""Exports of WordPress (WXR)."""
