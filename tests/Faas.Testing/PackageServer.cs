using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Faas.Testing;

/// <summary>A registry on loopback that serves what a test gives it.</summary>
public sealed class PackageServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, Action<HttpListenerResponse>> _answers = new();
    private readonly ConcurrentQueue<string> _asked = new();

    public PackageServer()
    {
        Address = new Uri($"http://127.0.0.1:{FreePort.Find()}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>The paths that it was asked for.</summary>
    public IEnumerable<string> Asked => _asked;

    public void Serves(string path, string mediaType, string body) => Serves(path, mediaType, Encoding.UTF8.GetBytes(body));

    public void Serves(string path, string mediaType, byte[] body) => _answers[path] = response =>
    {
        response.ContentType = mediaType;
        response.Close(body, willBlock: false);
    };

    /// <summary>A path that is never answered.</summary>
    public void Hangs(string path) => _answers[path] = _ => { };

    public void Redirects(string path, Uri target) => _answers[path] = response =>
    {
        response.StatusCode = (int)HttpStatusCode.Found;
        response.RedirectLocation = target.ToString();
        response.Close();
    };

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception) when (!_listener.IsListening)
            {
                return;
            }

            var path = context.Request.RawUrl!;
            _asked.Enqueue(path);
            if (_answers.TryGetValue(path, out var answer))
            {
                answer(context.Response);
                continue;
            }

            context.Response.StatusCode = (int)HttpStatusCode.NotFound;
            context.Response.Close();
        }
    }
}
