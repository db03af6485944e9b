using System.Globalization;
using CsCheck;

namespace Faas.Tests;

/// <summary>
/// How the fuzz tests draw their cases. A failure prints the seed that repeats it (set CsCheck_Seed).
/// FAAS_FUZZ_TIMES makes them longer: `make fuzz` runs each a hundred times as long as CI does.
/// </summary>
internal static class Fuzzing
{
    private static readonly long s_times = long.Parse(Environment.GetEnvironmentVariable("FAAS_FUZZ_TIMES")
        ?? "1", CultureInfo.InvariantCulture);

    /// <summary>Checks so many cases.</summary>
    public static void Fuzz<T>(this Gen<T> cases, Action<T> check, long count, Func<T, string>? print = null) =>
        cases.Sample(check, iter: count * s_times, print: print);

    /// <summary>Sound bytes, damaged in up to four places: a byte changed, a piece cut out, repeated, or put in.</summary>
    public static Gen<byte[]> Damaged(this Gen<byte[]> sound) =>
        Gen.Select(sound, Gen.Select(Gen.Int[0, 3], Gen.Int[0, int.MaxValue], Gen.Int[0, 12], Gen.Byte).List[0, 4], (bytes, wounds) =>
            wounds.Aggregate(bytes, (before, wound) => Damage(before, wound.Item1, wound.Item2, wound.Item3, wound.Item4)));

    private static byte[] Damage(byte[] bytes, int kind, int where, int length, byte value)
    {
        var at = where % (bytes.Length + 1);
        var end = Math.Min(at + length, bytes.Length);
        return kind switch
        {
            0 when at < bytes.Length => [.. bytes[..at], value, .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], .. bytes[end..]],
            2 => [.. bytes[..end], .. bytes[at..]],
            _ => [.. bytes[..at], .. Enumerable.Repeat(value, length), .. bytes[at..]],
        };
    }
}
