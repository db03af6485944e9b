using System.Text;
using Faas.Actors.Runs.Output;

namespace Faas.Actors.Runs.Kept;

/// <summary>
/// The lines of a run that are not stored yet, numbered in the order of their ends. When they take too much, the oldest go; their numbers
/// are then missing, which is how a reader finds out. Not safe from several threads.
/// </summary>
/// <param name="most">The most bytes; 0: lines are only counted.</param>
/// <param name="before">How many lines were printed before, by earlier attempts: the first line has the number behind them.</param>
public sealed class KeptTail(int most, long before = 0)
{
    private const int LineBytes = 16; // what a line takes in the store beside its text, about
    private const int PieceBytes = 4 << 10;
    private const int TakenBytes = 512 << 10;
    private readonly LineFraming _stdout = new(OutputStream.Stdout);
    private readonly LineFraming _stderr = new(OutputStream.Stderr);
    private readonly LinkedList<(long Number, KeptLine Line, int Bytes)> _lines = new();
    private readonly bool[] _isWithinLine = new bool[2];
    private long _held;

    /// <summary>How many lines were printed, those of earlier attempts among them.</summary>
    public long Count { get; private set; } = before;

    /// <summary>Whether this attempt has printed any.</summary>
    public bool HasAny { get; private set; }

    /// <summary>Whether no line waits to be stored.</summary>
    public bool IsEmpty => _lines.Count == 0;

    /// <summary>What a line takes, about: its text in UTF-8 and 16 bytes.</summary>
    public static int BytesOf(KeptLine line) => LineBytes + Encoding.UTF8.GetByteCount(line.Text);

    /// <summary>Adds what was printed.</summary>
    public void Append(OutputStream stream, ReadOnlyMemory<byte> bytes)
    {
        foreach (var line in (stream == OutputStream.Stdout ? _stdout : _stderr).Append(bytes))
        {
            Add(line);
        }
    }

    /// <summary>Adds one line.</summary>
    public void Append(OutputLine line) => Add(line);

    /// <summary>Adds what has no line break; nothing more comes.</summary>
    public void End()
    {
        foreach (var line in _stdout.End().Concat(_stderr.End()))
        {
            Add(line);
        }
    }

    /// <summary>The oldest lines, in pieces, half a megabyte of them; they stay until they are <see cref="Stored"/>.</summary>
    public IReadOnlyList<KeptPiece> Next() => Pieces(TakenBytes);

    /// <summary>All lines, in pieces.</summary>
    public IReadOnlyList<KeptPiece> Rest() => Pieces(long.MaxValue);

    /// <summary>The lines up to this number are stored.</summary>
    public void Stored(long last)
    {
        while (_lines.First is { Value.Number: var number } && number <= last)
        {
            Drop();
        }
    }

    private void Add(OutputLine printed)
    {
        ref var isWithinLine = ref _isWithinLine[(int)printed.Stream];
        var line = new KeptLine(printed.Stream, Encoding.UTF8.GetString(printed.Bytes.Span))
        {
            Partial = printed.Partial,
            Rest = isWithinLine,
        };
        isWithinLine = printed.Partial;
        Count++;
        HasAny = true;
        var bytes = BytesOf(line);
        if (bytes > most)
        {
            return;
        }

        _lines.AddLast((Count, line, bytes));
        _held += bytes;
        while (_held > most)
        {
            Drop();
        }
    }

    private void Drop()
    {
        _held -= _lines.First!.Value.Bytes;
        _lines.RemoveFirst();
    }

    // The lines of a piece follow one another. A piece has one line or at most PieceBytes, so that the store can drop a little at a time.
    private List<KeptPiece> Pieces(long mostBytes)
    {
        var pieces = new List<KeptPiece>();
        var (piece, size, last, taken) = (new List<KeptLine>(), 0, 0L, 0L);
        foreach (var (number, line, bytes) in _lines.TakeWhile(_ => taken < mostBytes))
        {
            if (piece.Count > 0 && (number != last + 1 || size + bytes > Math.Min(PieceBytes, most / 4)))
            {
                pieces.Add(new KeptPiece(last, size, piece));
                (piece, size) = ([], 0);
            }

            piece.Add(line);
            (size, last, taken) = (size + bytes, number, taken + bytes);
        }

        if (piece.Count > 0)
        {
            pieces.Add(new KeptPiece(last, size, piece));
        }

        return pieces;
    }
}
