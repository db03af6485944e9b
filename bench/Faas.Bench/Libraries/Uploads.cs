using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Bench.Ways;

namespace Faas.Bench.Libraries;

/// <summary>Uploads scripts, and hears the log of their installations while it is written.</summary>
internal sealed class Uploads(FaasUnderBench server) : IDisposable
{
    private const string Field = "data: ";
    private readonly HttpClient _http = new() { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(5) };

    /// <summary>Uploads a script as a stream; throws <see cref="BenchException"/> when it is refused.</summary>
    /// <param name="script">The script.</param>
    /// <param name="force">Whether its libraries are chosen anew.</param>
    public (IReadOnlyList<(TimeSpan At, string Text)> Lines, TimeSpan Took) Upload(LibraryCase script, bool force)
    {
        var body = new { path = script.Path, language = script.Language.ToWire(), code = script.Code, stream = true, force };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/upload") { Content = JsonContent.Create(body) };
        var begun = Stopwatch.GetTimestamp();
        using var answer = _http.Send(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(answer.Content.ReadAsStream());
        var lines = new List<(TimeSpan, string)>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith(Field, StringComparison.Ordinal))
            {
                continue;
            }

            using var said = JsonDocument.Parse(line[Field.Length..]);
            switch (said.RootElement.GetProperty("event").GetString())
            {
                case "log":
                    lines.Add((Stopwatch.GetElapsedTime(begun), said.RootElement.GetProperty("data").ToString()));
                    break;
                case "result":
                    return (lines, Stopwatch.GetElapsedTime(begun));
                default:
                    throw new BenchException($"The upload of {script.Path} failed: {line}");
            }
        }

        throw new BenchException($"The upload of {script.Path} was answered {(int)answer.StatusCode}, without a result.");
    }

    public void Dispose() => _http.Dispose();
}
