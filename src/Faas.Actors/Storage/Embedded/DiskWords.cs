using System.Globalization;
using System.Text.RegularExpressions;

namespace Faas.Actors.Storage.Embedded;

/// <summary>
/// What redis-server says of a write for which there was no room. A write that fits in part is told with its size alone, and has other
/// causes too (a limit on a file's size), so the room that is left must decide. Pure. Sources: flushAppendOnlyFile in aof.c, strerror(3).
/// </summary>
internal static partial class DiskWords
{
    private const string Full = "No space left on device"; // strerror(3) of ENOSPC

    // The smallest write that a full disk refuses; the line does not say how large it was.
    private const long OneBlock = 4096;

    /// <summary>Whether the line itself says that the disk is full.</summary>
    public static bool AreOfFullDisk(string line) => line.Contains(Full, StringComparison.Ordinal);

    /// <summary>Bytes that were to be written, in whole or in part in vain; null: the line tells of no such write.</summary>
    public static long? UnwrittenBytes(string line)
    {
        var partly = ShortWrite().Match(line);
        if (partly.Success)
        {
            return long.Parse(partly.Groups["expected"].ValueSpan, CultureInfo.InvariantCulture);
        }

        return AreOfFullDisk(line) ? OneBlock : null;
    }

    [GeneratedRegex(@"Short write while writing to the AOF file: \(nwritten=\d+, expected=(?<expected>\d{1,18})\)")]
    private static partial Regex ShortWrite();
}
