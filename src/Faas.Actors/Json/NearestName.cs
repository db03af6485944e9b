namespace Faas.Actors.Json;

/// <summary>
/// Finds the name that a person most likely meant. Theory of operation: the distance of two names is the number of letters to insert,
/// remove, replace, or swap with their neighbour (optimal string alignment) until one is the other; case does not count. A name of up to
/// three letters may be one step away, a longer one two, a third of its length at most.
/// </summary>
public static class NearestName
{
    private const int LongestMeant = 64;

    /// <summary>The nearest of <paramref name="known"/>; null: none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > LongestMeant)
        {
            return null;
        }

        var nearest = known.Select(candidate => (candidate, Distance: Distance(name, candidate)))
            .OrderBy(pair => pair.Distance)
            .FirstOrDefault();
        return nearest.candidate is not null && nearest.Distance <= (name.Length <= 3 ? 1 : Math.Max(2, name.Length / 3))
            ? nearest.candidate
            : null;
    }

    private static int Distance(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= to.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (Same(from[i - 1], to[j - 1]) ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && Same(from[i - 1], to[j - 2]) && Same(from[i - 2], to[j - 1]))
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[from.Length, to.Length];
    }

    private static bool Same(char one, char other) => char.ToLowerInvariant(one) == char.ToLowerInvariant(other);
}
