using System.Diagnostics;
using System.Text;
using Faas.Bench.Http;
using Faas.Bench.Load;
using Faas.Bench.Ways;

namespace Faas.Bench.Libraries;

/// <summary>Calls of one script, one after the other on one connection.</summary>
internal sealed class Calls(FaasUnderBench server, LibraryCase script) : IDisposable
{
    private static readonly byte[] s_ahead = "\"ahead\":true"u8.ToArray();
    private readonly HttpConnection _connection = new(server.Address);
    private readonly byte[] _request = HttpConnection.Post($"/run/{script.Path}", """{"input":{"name":"you"}}""");

    /// <summary>How long they took.</summary>
    public Durations Times { get; } = new();

    /// <summary>In how many of them the libraries were there before the script's first statement.</summary>
    public int Ahead { get; private set; }

    /// <summary>Calls it once. Throws <see cref="BenchException"/> when it does not return what hello returns.</summary>
    public TimeSpan Once()
    {
        var begun = Stopwatch.GetTimestamp();
        var status = _connection.Exchange(_request);
        var took = Stopwatch.GetElapsedTime(begun);
        if (status != 200 || _connection.Body.End.IndexOf("\"hello\":\"you\""u8) < 0)
        {
            throw new BenchException($"The call of {script.Path} was answered {status}: {Encoding.UTF8.GetString(_connection.Body.End)}");
        }

        Times.Add(took);
        Ahead += _connection.Body.End.IndexOf(s_ahead) >= 0 ? 1 : 0;
        return took;
    }

    public void Dispose() => _connection.Dispose();
}
