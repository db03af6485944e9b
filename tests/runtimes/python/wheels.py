"""A registry of wheels that a test makes: the simple API of Python, on loopback."""
import base64
import hashlib
import http.server
import io
import threading
import zipfile


def wheel(name, version, files, requires=()):
    """The bytes of a wheel, with a right RECORD. The keys of `files` are names, or ZipInfo where a name is not enough."""
    info = f'{name}-{version}.dist-info'
    every = {
        **files,
        f'{info}/METADATA': ''.join([
            f'Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n', *(f'Requires-Dist: {one}\n' for one in requires)]),
        f'{info}/WHEEL': 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    }
    record = ''.join(_record(getattr(name, 'filename', name), content.encode()) for name, content in every.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        for file, content in {**every, f'{info}/RECORD': f'{record}{info}/RECORD,,\n'}.items():
            archive.writestr(file, content)
    return out.getvalue()


def _record(name, content):
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b'=').decode()
    return f'{name},sha256={digest},{len(content)}\n'


class Registry:
    """Serves files: each under /simple/LIBRARY/FILE, with its hash in the page of the library."""

    def __init__(self):
        self._files = {}
        registry = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                registry._answer(self)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.index = f'http://127.0.0.1:{self._server.server_port}/simple/'
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def publish(self, name, version, files=None, requires=(), end='-py3-none-any.whl', content=None):
        """Adds a wheel, or a file with other content."""
        content = content or wheel(name, version, files or {f'{name}/__init__.py': f'version = {version!r}\n'}, requires)
        self._files[f'/simple/{name}/{name}-{version}{end}'] = content
        return content

    def replace(self, name, version, content):
        """The same file has other content from now on, while the page tells the old hash."""
        path = f'/simple/{name}/{name}-{version}-py3-none-any.whl'
        self._files[path] = (content, hashlib.sha256(self._files[path]).hexdigest())

    def _answer(self, request):
        found = self._files.get(request.path)
        if isinstance(found, tuple):
            found = found[0]
        if found is None:
            found = self._page(request.path)
        request.send_response(404 if found is None else 200)
        request.send_header('Content-Type', 'text/html')
        request.end_headers()
        request.wfile.write(found or b'')

    def _page(self, folder):
        links = [(path, content) for path, content in self._files.items() if path.startswith(folder) and path != folder]
        if not links:
            return None
        return ''.join(
            f'<a href="{path}#sha256={content[1] if isinstance(content, tuple) else hashlib.sha256(content).hexdigest()}">'
            f'{path.rpartition("/")[2]}</a>' for path, content in links).encode()
