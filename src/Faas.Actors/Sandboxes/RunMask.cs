using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Protocol;

namespace Faas.Actors.Sandboxes;

/// <summary>
/// Everything that one run writes, with the values of its secrets replaced (<see cref="OutputMask"/>). What a run without secrets writes
/// passes through.
/// </summary>
internal sealed class RunMask
{
    private static readonly RunMask s_none = new(null);

    private readonly RunSecrets? _secrets;
    private readonly MaskedStream? _stdout;
    private readonly MaskedStream? _stderr;
    private (ResultMessage? Raw, ResultMessage? Masked) _message;

    private RunMask(RunSecrets? secrets)
    {
        _secrets = secrets;
        if (secrets is not null)
        {
            (_stdout, _stderr) = (new MaskedStream(secrets.Mask), new MaskedStream(secrets.Mask));
        }
    }

    /// <summary>For one run.</summary>
    /// <param name="secrets">Its secrets; null: it has none, which costs nothing.</param>
    public static RunMask Of(RunSecrets? secrets) => secrets is null ? s_none : new RunMask(secrets);

    /// <summary>What may be shown now that the run has printed these bytes.</summary>
    public ReadOnlyMemory<byte> Print(OutputStream stream, ReadOnlyMemory<byte> bytes) =>
        (stream == OutputStream.Stdout ? _stdout : _stderr)?.Append(bytes) ?? bytes;

    /// <summary>What was held back of a stream that has ended.</summary>
    public ReadOnlyMemory<byte> End(OutputStream stream) => (stream == OutputStream.Stdout ? _stdout : _stderr)?.End() ?? default;

    /// <summary>Output that belongs to no stream of the run alone.</summary>
    public ReadOnlyMemory<byte> Text(ReadOnlyMemory<byte> text) => _secrets is null ? text : _secrets.Mask.Text(text);

    /// <summary>A file that the run gives back.</summary>
    public RunFile Of(RunFile file) => _secrets is null
        ? file
        : new RunFile(
            Encoding.UTF8.GetString(_secrets.Mask.Text(Encoding.UTF8.GetBytes(file.Name)).Span),
            new ReadOnlySequence<byte>(_secrets.Mask.Text(file.Content.ToArray())));

    /// <summary>Why the run's files cannot be given back, which names one of them; null: they can.</summary>
    public OutRefusal? Of(OutRefusal? refusal) => _secrets is null || refusal is null
        ? refusal
        : refusal with { Detail = Encoding.UTF8.GetString(_secrets.Mask.Text(Encoding.UTF8.GetBytes(refusal.Detail)).Span) };

    /// <summary>The result message; null: it is not complete.</summary>
    public ResultMessage? Of(ResultMessage? message)
    {
        if (_secrets is null || message is null)
        {
            return message;
        }

        if (_message.Raw != message)
        {
            var payload = message.Kind == 'B' ? Bytes(message.Payload) : message.Payload;
            _message = (message, message with { Payload = _secrets.Mask.Json(payload) });
        }

        return _message.Masked;
    }

    // A script can forge the message; it is judged later.
    private ReadOnlyMemory<byte> Bytes(ReadOnlyMemory<byte> json)
    {
        try
        {
            if (JsonNode.Parse(json.Span) is JsonObject bytes && (string?)bytes["base64"] is { } encoded)
            {
                var content = Convert.FromBase64String(encoded);
                var masked = _secrets!.Mask.Text(content);
                if (!masked.Span.SequenceEqual(content))
                {
                    bytes["base64"] = Convert.ToBase64String(masked.Span);
                    return Encoding.UTF8.GetBytes(bytes.ToJsonString(RelaxedJson.SerializerOptions));
                }
            }
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            return json;
        }

        return json;
    }
}
