using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Faas.Cli.Sources;

namespace Faas.Cli.GoFaas;

/// <summary>
/// Writes the scripts of go-faas as an archive (docs/moving.md), and notes what it cannot write. One code is in memory at a time.
/// </summary>
internal sealed class GoFaasArchive(GoFaasStore store)
{
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly List<GoFaasUnread> _notTaken = [];
    private int _scripts;

    /// <summary>What is not in the archive; complete once it is written.</summary>
    public IReadOnlyList<GoFaasUnread> NotTaken => _notTaken;

    /// <summary>Writes it.</summary>
    public async Task WriteAsync(Stream output, CancellationToken cancellation)
    {
        var (scripts, unread) = await store.ReadAsync(cancellation);
        _notTaken.AddRange(unread);
        await LineAsync(output, json =>
        {
            json.WriteString("archive", "faas");
            json.WriteNumber("form", 1);
        }, cancellation);
        foreach (var script in scripts)
        {
            if (LanguageOfFile.All.Contains(script.Language))
            {
                await WriteAsync(output, script, cancellation);
            }
            else
            {
                _notTaken.Add(new GoFaasUnread(
                    script.Path, $"Its language is \"{script.Language}\", not one of {string.Join(", ", LanguageOfFile.All)}."));
            }
        }

        await LineAsync(output, json => json.WriteNumber("scripts", _scripts), cancellation);
    }

    private async Task WriteAsync(Stream output, GoFaasScript script, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var number in script.Versions)
        {
            if (await store.CodeAsync(script, number, cancellation) is not { } source)
            {
                _notTaken.Add(new GoFaasUnread(script.Path, $"Version {number} has no code."));
                continue;
            }

            if (count++ == 0)
            {
                await LineAsync(output, json =>
                {
                    json.WriteString("script", script.Path);
                    json.WriteNumber("highest", script.Versions[^1]);
                }, cancellation);
            }

            await LineAsync(output, json =>
            {
                json.WriteNumber("version", number);
                json.WriteString("language", script.Language);
                json.WriteString("uploaded", UploadedAt(number));
                json.WriteString("source", source);
            }, cancellation);
        }

        if (count > 0)
        {
            _scripts++;
            await LineAsync(output, json =>
            {
                json.WriteString("end", script.Path);
                json.WriteNumber("versions", count);
            }, cancellation);
        }
    }

    private static async Task LineAsync(Stream output, Action<Utf8JsonWriter> write, CancellationToken cancellation)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, s_plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        await output.WriteAsync(line.WrittenMemory, cancellation);
    }

    private static DateTimeOffset UploadedAt(long number) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Min(number, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
}
