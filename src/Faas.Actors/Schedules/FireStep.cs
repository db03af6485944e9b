namespace Faas.Actors.Schedules;

/// <summary>
/// One step of a schedule whose next instant has come: at most one fire, and where the schedule stands then. Pure.
/// <para>
/// Theory of operation. An instant is on time while it is not longer past than the grace, and missed from then on. What is on time fires,
/// one instant a step. Of those that are missed, the rule says which are made up for; the others are counted and passed over, many a step.
/// Because a step says from which instant it goes, the store does it only where the schedule still stands there, so two servers that make
/// the same step make it once.
/// </para>
/// </summary>
/// <param name="Due">The instant from which the schedule goes.</param>
/// <param name="Fire">The instant that fires; null: none does.</param>
/// <param name="Next">The instant at which the schedule stands then; null: there is none any more.</param>
/// <param name="Missed">How many instants are passed over.</param>
public sealed record FireStep(DateTimeOffset Due, DateTimeOffset? Fire, DateTimeOffset? Next, int Missed)
{
    /// <summary>The most instants that one step looks at.</summary>
    public const int MostLooked = 10_000;

    /// <summary>The step of a schedule.</summary>
    /// <param name="after">Finds the first instant after another one.</param>
    /// <param name="rule">What becomes of missed instants.</param>
    /// <param name="due">The schedule's next instant, not later than <paramref name="now"/>.</param>
    /// <param name="now">The time.</param>
    /// <param name="grace">How long an instant is on time.</param>
    /// <param name="most">How many missed instants <see cref="MissedRule.All"/> makes up for; fewer than <see cref="MostLooked"/>.</param>
    public static FireStep Of(
        Func<DateTimeOffset, DateTimeOffset?> after, MissedRule rule, DateTimeOffset due, DateTimeOffset now, TimeSpan grace, int most)
    {
        var onTime = now - grace;
        var missed = new List<DateTimeOffset>();
        DateTimeOffset? next = due;
        while (next < onTime && missed.Count < MostLooked)
        {
            missed.Add(next.Value);
            next = after(next.Value);
        }

        if (missed.Count == 0)
        {
            return new FireStep(due, due, after(due), 0);
        }

        var isPartly = next < onTime;
        var kept = rule switch
        {
            MissedRule.Skip => 0,
            MissedRule.Once => isPartly ? 0 : 1,
            MissedRule.All => Math.Min(missed.Count, most),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "There is no such rule."),
        };
        var passed = missed.Count - kept;
        return kept == 0 ? new FireStep(due, null, next, passed)
            : isPartly ? new FireStep(due, null, missed[passed], passed)
            : new FireStep(due, missed[passed], kept == 1 ? next : missed[passed + 1], passed);
    }
}
