namespace Faas.Actors.Scripts;

/// <summary>What must hold of a thing that has revisions, such as an alias, before it is changed (RFC 9110, section 13.1).</summary>
/// <param name="Revisions">It has one of these revisions; null: it may have any.</param>
/// <param name="MustExist">It exists.</param>
/// <param name="MustNotExist">It does not exist.</param>
public sealed record RevisionCondition(IReadOnlyList<long>? Revisions = null, bool MustExist = false, bool MustNotExist = false)
{
    /// <summary>Nothing must hold.</summary>
    public static RevisionCondition None { get; } = new();

    /// <summary>Whether it holds of a thing of this revision; null: the thing does not exist.</summary>
    public bool HoldsOf(long? revision) =>
        (Revisions is null || (revision is { } known && Revisions.Contains(known)))
        && !(MustExist && revision is null) && !(MustNotExist && revision is not null);
}
