"""Removes files that PyInstaller collects and an executable does not need."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

Entry = tuple[str, str, str]
"""Name inside the executable's folder, source, kind: as in PyInstaller's tables of contents."""

UNWANTED = re.compile(
    # The GTK style and its dependencies: ours is Fusion everywhere.
    r"libqgtk3|lib(gtk|gdk|cairo|pango|gio|gobject|gmodule|atk|thai|datrie|pixman"
    r"|harfbuzz|graphite2|fribidi|mount|blkid|selinux|jpeg\.so|gdk_pixbuf)"
    # Parts of every Linux desktop, which do not work across versions (AppImage's list), and GLib
    # and D-Bus with their dependencies: Qt's own packages need them, too.
    r"|lib(X11|X11-xcb|Xau|Xdmcp|Xext|Xrender|fontconfig|freetype|expat|stdc\+\+|gcc_s)\.so"
    r"|lib(glib-2\.0|gthread-2\.0|pcre2-8|dbus-1|systemd|gcrypt|gpg-error|cap|lz4|png16|bsd|md)\.so"
    # OpenGL: widgets are painted by the CPU.
    r"|plugins/(wayland-graphics-integration-client|xcbglintegrations)/|libQt6OpenGL|libxcb-glx\.so"
    # Wayland shells that desktops no longer use, or never used.
    r"|wayland-shell-integration/lib(wl-|ivi-|qt-|fullscreen-)shell|libQt6WlShellIntegration"
    r"|_imagingcms|liblcms2|_multiarray_tests|\.ts$"
    # Drivers for machines without a desktop, and Qt's network: data are fetched with requests.
    r"|plugins/(egldeviceintegrations|generic|networkinformation|tls)/|imageformats/libq(gif|icns|ico|tga|tiff|wbmp|webp)\.|libQt6(EglFS|EglFs|Network)"
    r"|plugins/platforms/libq(eglfs|linuxfb|minimal|minimalegl|vkkhrdisplay|vnc)\."
    r"|lib(krb5|krb5support|gssapi_krb5|k5crypto|com_err|keyutils|brotli\w+)\.so"
    r"|Qt/translations/(?!qtbase_de)"  # of unsupported languages
    r"|libavif|_codecs_(cn|hk|iso2022|jp|kr|tw)|readline|(^|/)tests?/|/include/|\.a$|\.pyi$"
)


def wanted(entries: list[Entry]) -> list[Entry]:
    """Return the entries that are needed."""
    return [entry for entry in entries if not UNWANTED.search(entry[0].replace("\\", "/"))]


def stripped(entries: list[Entry], work: Path) -> list[Entry]:
    """Return the entries with copies without symbols, in `work`.

    Libraries that the repair of a wheel has moved would not load any more, and are left unchanged.
    """
    if sys.platform != "linux":
        return entries
    folder = work / "stripped"
    folder.mkdir(parents=True, exist_ok=True)
    result = []
    for name, source, kind in entries:
        target = folder / name.replace("/", "+")
        moved = ".libs/" in name or re.search(r"-[0-9a-f]{8}", name)
        if kind in ("BINARY", "EXTENSION") and not moved:
            subprocess.run(["strip", "--strip-unneeded", "-o", target, source], check=True)
            source = str(target)
        result.append((name, source, kind))
    return result
