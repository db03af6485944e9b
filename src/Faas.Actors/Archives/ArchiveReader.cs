using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;

namespace Faas.Actors.Archives;

/// <summary>
/// Reads an archive line by line, with one line in memory at a time. What is wrong with the archive itself is an
/// <see cref="ArchiveException"/>; what is wrong with a script in it is for the caller to see.
/// </summary>
/// <param name="input">The archive.</param>
public sealed class ArchiveReader(PipeReader input) : IDisposable
{
    private const int LongLine = 64 << 10;
    private readonly IncrementalHash _sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _isOver;

    /// <summary>How many lines have been read.</summary>
    public int Lines { get; private set; }

    /// <summary>The checksum of the lines since the section began, up to an end that was read last.</summary>
    public string Sum { get; private set; } = "";

    /// <summary>Reads and checks the first line.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        await ReadAsync(
            line =>
            {
                ArchiveForm.CheckFirst(line.ToArray());
                return true;
            },
            cancellation);
    }

    /// <summary>The next line; null: the archive has been read whole.</summary>
    public async Task<ArchiveLine?> NextAsync(CancellationToken cancellation)
    {
        if (_isOver)
        {
            await CheckNothingFollowsAsync(cancellation);
            return null;
        }

        var line = await ReadAsync(Parse, cancellation);
        _isOver = line.Scripts is not null;
        return line;
    }

    /// <inheritdoc/>
    public void Dispose() => _sum.Dispose();

    private async Task<T> ReadAsync<T>(Func<ReadOnlySequence<byte>, T> use, CancellationToken cancellation)
    {
        for (var searched = 0L; ;)
        {
            var read = await input.ReadAsync(cancellation);
            var buffer = read.Buffer;
            if (buffer.Slice(searched).PositionOf((byte)'\n') is { } end)
            {
                if (buffer.Slice(0, end).Length > LongLine)
                {
                    // Parsing it takes a while; the thread that read the last bytes serves other sockets, too, and is let go.
                    await Task.Yield();
                }

                // Also after an exception: a body that is left in the middle of a read breaks its connection.
                try
                {
                    Lines++;
                    var line = buffer.Slice(0, end);
                    return line.Length <= ArchiveForm.MostLineBytes ? use(line) : throw TooLong();
                }
                finally
                {
                    input.AdvanceTo(buffer.GetPosition(1, end));
                }
            }

            var (isEmpty, isTooLong) = (buffer.IsEmpty, buffer.Length > ArchiveForm.MostLineBytes);
            searched = buffer.Length;
            input.AdvanceTo(isTooLong || read.IsCompleted ? buffer.End : buffer.Start, buffer.End);
            if (isTooLong || read.IsCompleted)
            {
                Lines++;
                throw isTooLong ? TooLong()
                    : Lines == 1 && isEmpty ? new ArchiveException("The archive is empty.")
                    : Wrong(isEmpty ? "is missing: the archive is cut off" : "is cut off");
            }
        }
    }

    private ArchiveException TooLong() => Wrong($"is longer than {ArchiveForm.MostLineBytes} bytes");

    private ArchiveLine Parse(ReadOnlySequence<byte> raw)
    {
        ArchiveLine line;
        try
        {
            var json = new Utf8JsonReader(raw);
            line = JsonSerializer.Deserialize(ref json, ArchiveForm.Json.ArchiveLine) ?? throw Wrong("is null");
            if (json.BytesConsumed != raw.Length && !IsBlank(raw.Slice(json.BytesConsumed)))
            {
                throw Wrong("has more than one JSON value");
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            throw Wrong($"cannot be read: {ArchiveFault.Of(wrong, raw.ToArray())}");
        }

        if (new[] { line.Script is null, line.Version is null, line.End is null, line.Void is null, line.Scripts is null }
            .Count(isMissing => !isMissing) != 1)
        {
            throw Wrong("must have exactly one of \"script\", \"version\", \"end\", \"void\" and \"scripts\"");
        }

        if (line.Script is not null)
        {
            _sum.GetHashAndReset();
        }
        else if (line.End is not null)
        {
            Sum = ArchiveForm.Text(_sum);
        }

        foreach (var part in raw)
        {
            _sum.AppendData(part.Span);
        }

        _sum.AppendData("\n"u8);
        return line;
    }

    private async Task CheckNothingFollowsAsync(CancellationToken cancellation)
    {
        while (await input.ReadAsync(cancellation) is var read)
        {
            var isBlank = IsBlank(read.Buffer);
            input.AdvanceTo(read.Buffer.End);
            if (!isBlank)
            {
                Lines++;
                throw Wrong("follows the last line");
            }

            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private static bool IsBlank(ReadOnlySequence<byte> bytes)
    {
        foreach (var part in bytes)
        {
            if (part.Span.ContainsAnyExcept(" \t\r\n"u8))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The line that was read last is wrong.</summary>
    /// <param name="how">The rest of a sentence.</param>
    public ArchiveException Wrong(string how) => new($"Line {Math.Max(Lines, 1)} of the archive {how}.");
}
