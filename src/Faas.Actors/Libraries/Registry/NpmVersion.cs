using System.Globalization;
using System.Numerics;

namespace Faas.Actors.Libraries.Registry;

/// <summary>A version of a package of npm, as it is compared. Source: https://semver.org/#spec-item-11.</summary>
internal sealed class NpmVersion : IComparable<NpmVersion>
{
    private readonly BigInteger[] _numbers;
    private readonly string[] _before;

    private NpmVersion(BigInteger[] numbers, string[] before) => (_numbers, _before) = (numbers, before);

    /// <summary>The version; null where the text is none.</summary>
    public static NpmVersion? Parse(string text)
    {
        var parts = text.Split('+')[0].Split('-', 2);
        var numbers = parts[0].Split('.').Select(NumberOf).ToArray();
        return numbers.Length == 3 && numbers.All(number => number is not null)
            ? new NpmVersion([.. numbers.Select(number => number!.Value)], parts.Length == 1 ? [] : parts[1].Split('.'))
            : null;
    }

    /// <inheritdoc/>
    public int CompareTo(NpmVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = _numbers.Zip(other._numbers, (one, two) => one.CompareTo(two)).FirstOrDefault(one => one != 0);
        if (order != 0)
        {
            return order;
        }

        // A release is above every version that precedes it.
        return _before.Length == 0 || other._before.Length == 0
            ? other._before.Length.CompareTo(_before.Length)
            : Compare(_before, other._before);
    }

    private static int Compare(string[] before, string[] other)
    {
        var order = before.Zip(other, Compare).FirstOrDefault(one => one != 0);
        return order != 0 ? order : before.Length.CompareTo(other.Length);
    }

    // Numbers are below words.
    private static int Compare(string one, string other) => (NumberOf(one), NumberOf(other)) switch
    {
        ({ } number, { } otherNumber) => number.CompareTo(otherNumber),
        ({ }, null) => -1,
        (null, { }) => 1,
        _ => string.CompareOrdinal(one, other),
    };

    private static BigInteger? NumberOf(string text) =>
        BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
