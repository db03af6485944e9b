namespace Faas.Cli.Commands.Scripts;

/// <summary>The first of what a server lists.</summary>
/// <param name="Items">As many as were asked for, or all.</param>
/// <param name="HasMore">Whether there are more.</param>
internal sealed record Listed<T>(IReadOnlyList<T> Items, bool HasMore)
{
    private const int LargestPage = 1000;

    /// <summary>Reads them.</summary>
    /// <param name="list">The list, by the size of the pages in which it is read.</param>
    /// <param name="most">The most that are wanted.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<Listed<T>> ReadAsync(Func<int, IAsyncEnumerable<T>> list, int most, CancellationToken cancellation)
    {
        // One more than is wanted says whether there are more.
        var read = await list(Math.Min(LargestPage, most + 1)).Take(most + 1).ToListAsync(cancellation);
        return read.Count > most ? new Listed<T>(read[..most], true) : new Listed<T>(read, false);
    }
}
