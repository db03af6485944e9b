using System.Buffers;
using System.Text;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>
/// Joins the OUT frames of one run into the files that it gives back. Nothing of them is trusted: a script that has broken out of its
/// process could forge them. It takes memory for the bytes that have come.
/// </summary>
/// <param name="limits">The limits that the zygote was told.</param>
public sealed class OutFiles(OutLimits limits)
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly SortedDictionary<string, ByteSegments> _files = new(StringComparer.Ordinal);
    private ByteSegments? _last;
    private long _bytes;

    /// <summary>Whether there is a /tmp/out, so that files may follow the value.</summary>
    public bool AreAnnounced { get; private set; }

    /// <summary>Why the files cannot be given back; null: they can.</summary>
    public OutRefusal? Refusal { get; private set; }

    /// <summary>The files, by their names.</summary>
    public IReadOnlyList<RunFile> All => [.. _files.Select(file => new RunFile(file.Key, file.Value.ToSequence()))];

    /// <summary>Takes a frame. Throws <see cref="ProtocolException"/> for one that no zygote sends.</summary>
    public void Take(Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Out:
                AreAnnounced = true;
                break;
            case FrameType.OutFile:
                Begin(frame.Payload);
                break;
            case FrameType.OutBytes:
                Append(frame.Payload);
                break;
            case FrameType.OutRefused:
                var refusal = FrameJson.Parse<OutRefusal>(frame.Payload, "OUT_REFUSED");
                Refusal ??= refusal.Detail is null ? throw new ProtocolException("an OUT_REFUSED frame without detail") : refusal;
                break;
            default:
                throw new ProtocolException($"{frame.Type} among the files of a run");
        }
    }

    /// <summary>Two names are the same once values of secrets are replaced in them. Null: they differ.</summary>
    public static OutRefusal? WhySameName(IEnumerable<RunFile> files) =>
        files.GroupBy(file => file.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Skip(1).Any()) is { Key: var name }
            ? new OutRefusal(Over: false, $"Two files of /tmp/out have the name {name}, with the values of secrets replaced.")
            : null;

    private void Begin(ReadOnlySequence<byte> payload)
    {
        string name;
        try
        {
            name = s_strict.GetString(payload);
        }
        catch (DecoderFallbackException fault)
        {
            throw new ProtocolException("an OUT_FILE frame whose name is not UTF-8", fault);
        }

        // Linux has names that other machines, and the header of a multipart body, cannot have.
        if (RunFileName.Check(name) is { } wrong)
        {
            Refusal ??= new OutRefusal(Over: false, $"A file of /tmp/out cannot be given back: its name {wrong}.");
        }

        _last = new ByteSegments();
        if (!_files.TryAdd(name, _last) || _files.Count > limits.Files)
        {
            throw new ProtocolException("an OUT_FILE frame for a file that came before, or for one too many");
        }
    }

    private void Append(ReadOnlySequence<byte> payload)
    {
        _bytes += payload.Length;
        if (_last is null || _bytes > limits.Bytes)
        {
            throw new ProtocolException("an OUT_BYTES frame without a file, or past the limit");
        }

        _last.Append(payload);
    }
}

/// <summary>Why the files of a run cannot be given back.</summary>
/// <param name="Over">They are too many, or too large; else one is of a kind that cannot be given back.</param>
/// <param name="Detail">One sentence, which names the file.</param>
public sealed record OutRefusal(bool Over, string Detail);
