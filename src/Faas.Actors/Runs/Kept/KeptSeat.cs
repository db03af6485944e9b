using System.Globalization;

namespace Faas.Actors.Runs.Kept;

/// <summary>
/// The place of a worker, by which a run that is executed says who executes it. A worker has one run at a time, so the store keeps one run
/// for each seat. Pure.
/// </summary>
/// <param name="Node">The server, by its address in its cluster, or by the name of its machine.</param>
/// <param name="Incarnation">Tells this start of the server from others.</param>
/// <param name="Number">The worker's number in the server.</param>
public sealed record KeptSeat(string Node, string Incarnation, int Number)
{
    private const char Separator = '|';

    /// <summary>Reads what <see cref="ToString"/> has written; null: it is something else.</summary>
    public static KeptSeat? Parse(string text) =>
        text.Split(Separator) is [var node, var incarnation, var number]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seat)
            ? new KeptSeat(node, incarnation, seat)
            : null;

    /// <summary>Whether it belongs to an earlier start of a server, which has ended, since the server has started again.</summary>
    /// <param name="own">A seat of the server as it runs now.</param>
    public bool IsOfEarlierStart(KeptSeat own) => Node == own.Node && Incarnation != own.Incarnation;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Node}{Separator}{Incarnation}{Separator}{Number}");
}
