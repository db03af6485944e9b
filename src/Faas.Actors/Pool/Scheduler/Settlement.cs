namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Draws the conclusions after each event that may have changed what a waiting run can have.
/// <para>
/// Theory of operation. To *settle* is to end the patience that is due, to close sandboxes that hold too much memory, to fill
/// processes that serve several runs at once, to give
/// permits and slots to the runs that queue, then to bind spares to versions that wish to have sandboxes bound, and then to start spares
/// in the slots that are left. While the pool drains,
/// sandboxes that no run needs are closed; that may free slots for runs that queue, so giving starts again.
/// </para>
/// <para>
/// Afterwards, no free sandbox is of use to a run that waits, except a spare to a patient run, if there is a permit; and a run
/// queues only because no permit is left, or because every sandbox is busy, coming for another run, or kept for a moment
/// (<see cref="Turns"/>).
/// </para>
/// </summary>
internal sealed class Settlement(
    Patience patience, Retirement retirement, Sharing sharing, Supply supply, Draining draining, Keeping keeping, Spares spares)
{
    /// <summary>Settles.</summary>
    public void Settle(TimeSpan now)
    {
        patience.EndDue(now);
        retirement.CloseExcess(now);
        sharing.FillAll(now);
        do
        {
            supply.Serve(now);
            sharing.FillAll(now);
        }
        while (draining.TryCloseUnneeded(now));

        keeping.BindMissing(now);
        spares.StartMissing(now);
    }
}
