using System.Globalization;
using Faas.Actors.Runs.Kept;

namespace Faas.Actors.Runs.Batches;

/// <summary>
/// Names batches: the call's id, <see cref="Run.IdSeparator"/>, <c>b</c> and 16 hex digits. The names of a batch's runs follow from its
/// own, so no list of them is stored.
/// </summary>
public static class BatchIds
{
    private static readonly MarkedIds s_ids = new('b');

    /// <summary>A name for a batch of this call.</summary>
    public static string Next(string callId) => s_ids.Next(callId);

    /// <summary>The name of one of its runs, a <see cref="KeptIds"/>.</summary>
    /// <param name="batch">The name of the batch.</param>
    /// <param name="index">Which input the run has, from 0.</param>
    public static string RunOf(string batch, int index) => KeptIds.Of(
        batch[..batch.LastIndexOf(Run.IdSeparator)], string.Create(CultureInfo.InvariantCulture, $"{batch} {index}"));

    /// <summary>Whether it is an id of this form.</summary>
    public static bool Is(string id) => s_ids.Is(id);
}
