namespace Faas.Architecture.Tests;

/// <summary>Finds namespaces that refer to each other in a circle.</summary>
internal static class Circles
{
    /// <summary>One line a circle: the namespaces in it, each of which can be reached from each other.</summary>
    public static IReadOnlyList<string> In(IEnumerable<(string From, string To)> references)
    {
        var next = references.ToLookup(reference => reference.From, reference => reference.To);
        var reached = next.ToDictionary(from => from.Key, from => ReachedFrom(from.Key, next));
        return
        [
            .. reached
                .Where(from => from.Value.Contains(from.Key))
                .Select(from => from.Value.Where(to => reached.TryGetValue(to, out var back) && back.Contains(from.Key)))
                .Select(circle => string.Join(" ⇄ ", circle.Order(StringComparer.Ordinal)))
                .Distinct(),
        ];
    }

    private static HashSet<string> ReachedFrom(string start, ILookup<string, string> next)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>(next[start]);
        while (open.TryPop(out var one))
        {
            if (reached.Add(one))
            {
                foreach (var further in next[one])
                {
                    open.Push(further);
                }
            }
        }

        return reached;
    }
}
