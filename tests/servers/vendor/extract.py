"""Reads the names of fields out of the vendors' own descriptions, for the servers of the tests.

The tables beside this are made by it, from the newest wheels of the time; only names are kept:

    pip download --no-deps facebook_business==26.0.3 xdk==0.10.6
    python tests/servers/vendor/extract.py facebook_business-26.0.3-*.whl xdk-0.10.6-*.whl
"""

from __future__ import annotations

import ast
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

#: Class and method of Meta's own library, for each request that a connector makes.
_META = {
    "POST page/photos": ("page.py", "Page", "create_photo"),
    "POST page/feed": ("page.py", "Page", "create_feed"),
    "GET page/published_posts": ("page.py", "Page", "get_published_posts"),
    "GET post": ("pagepost.py", "PagePost", "api_get"),
    "DELETE post": ("pagepost.py", "PagePost", "api_delete"),
    "GET photo": ("photo.py", "Photo", "api_get"),
    "DELETE photo": ("photo.py", "Photo", "api_delete"),
    "POST ig/media": ("iguser.py", "IGUser", "create_media"),
    "POST ig/media_publish": ("iguser.py", "IGUser", "create_media_publish"),
    "GET ig/media": ("iguser.py", "IGUser", "get_media"),
    "GET ig/content_publishing_limit": ("iguser.py", "IGUser", "get_content_publishing_limit"),
    "GET media": ("igmedia.py", "IGMedia", "api_get"),
    "DELETE media": ("igmedia.py", "IGMedia", "api_delete"),
}
_META_RECORDS = {
    "page": ("page.py", "Page"),
    "post": ("pagepost.py", "PagePost"),
    "photo": ("photo.py", "Photo"),
    "ig": ("iguser.py", "IGUser"),
    "media": ("igmedia.py", "IGMedia"),
    "content_publishing_limit": (
        "contentpublishinglimitresponse.py",
        "ContentPublishingLimitResponse",
    ),
}
_X_BODIES = {
    "POST /2/tweets": "CreatePostsRequest",
    "POST /2/tweets media": "CreatePostsMedia",
    "POST /2/media/upload": "MediaUploadRequest",
    "POST /2/media/metadata": "CreateMediaMetadataRequest",
    "POST /2/media/metadata metadata": "CreateMediaMetadataMetadata",
    "POST /2/media/metadata alt_text": "CreateMediaMetadataMetadataAltText",
}
_X_QUERIES = {
    "GET /2/tweets/{id}": ("posts", "get_by_id"),
    "GET /2/users/{id}/tweets": ("users", "get_posts"),
    "GET /2/users/me": ("users", "get_me"),
    "GET /2/media/upload": ("media", "get_upload_status"),
}


def main(meta: Path, x: Path) -> None:
    here = Path(__file__).parent
    with zipfile.ZipFile(meta) as wheel:
        _write(here / "meta.json", {"source": meta.name.split("-py3")[0], **_of_meta(wheel)})
    with zipfile.ZipFile(x) as wheel:
        _write(here / "x.json", {"source": x.name.split("-py3")[0], **_of_x(wheel)})


def _of_meta(wheel: zipfile.ZipFile) -> dict[str, object]:
    params: dict[str, list[str]] = {}
    for request, (module, kind, method) in _META.items():
        found = _class(_tree(wheel, f"facebook_business/adobjects/{module}"), kind)
        params[request] = sorted(_dict_keys(_function(found, method), "param_types"))
    fields: dict[str, list[str]] = {}
    for record, (module, kind) in _META_RECORDS.items():
        found = _class(_tree(wheel, f"facebook_business/adobjects/{module}"), kind)
        fields[record] = sorted(_constants(_class(found, "Field")))
    return {"params": params, "fields": fields}


def _of_x(wheel: zipfile.ZipFile) -> dict[str, object]:
    schemas = _tree(wheel, "xdk/schemas.py")
    bodies = {
        request: sorted(_fields(_class(schemas, kind))) for request, kind in _X_BODIES.items()
    }
    queries = {
        request: sorted(_param_keys(_method(_tree(wheel, f"xdk/{module}/client.py"), name)))
        for request, (module, name) in _X_QUERIES.items()
    }
    choices = {
        request: _choices(_method(_tree(wheel, f"xdk/{module}/client.py"), name))
        for request, (module, name) in _X_QUERIES.items()
    }
    return {"bodies": bodies, "queries": queries, "choices": choices}


def _tree(wheel: zipfile.ZipFile, name: str) -> ast.Module:
    return ast.parse(wheel.read(name))


def _class(tree: ast.Module | ast.ClassDef, name: str) -> ast.ClassDef:
    return next(one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == name)


def _function(tree: ast.ClassDef, name: str) -> ast.FunctionDef:
    return next(one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == name)


def _method(tree: ast.Module, name: str) -> ast.FunctionDef:
    kinds = (one for one in tree.body if isinstance(one, ast.ClassDef))
    return next(
        one
        for kind in kinds
        for one in kind.body
        if isinstance(one, ast.FunctionDef) and one.name == name
    )


def _dict_keys(function: ast.FunctionDef, name: str) -> Iterator[str]:
    for node in ast.walk(function):
        is_it = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name
        if is_it and isinstance(node.value, ast.Dict):
            yield from (str(key.value) for key in node.value.keys if isinstance(key, ast.Constant))


def _constants(kind: ast.ClassDef) -> Iterator[str]:
    for node in kind.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)


def _fields(kind: ast.ClassDef) -> Iterator[str]:
    for node in kind.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def _param_keys(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        is_one = isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant)
        if is_one and getattr(target.value, "id", "") in {"params", "page_params"}:
            yield str(target.slice.value)


def _choices(function: ast.FunctionDef) -> dict[str, list[str]]:
    """What each argument may name, where the description lists it."""
    found = {}
    for argument in function.args.args:
        named = [
            str(node.value)
            for node in ast.walk(argument.annotation or ast.Pass())
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        if len(named) > 1:
            found[argument.arg.replace("_fields", ".fields")] = sorted(named)
    return found


def _write(path: Path, table: dict[str, object]) -> None:
    path.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
