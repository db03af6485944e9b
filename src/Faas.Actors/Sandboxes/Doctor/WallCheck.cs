namespace Faas.Actors.Sandboxes.Doctor;

/// <summary>One wall of this machine's sandboxes, tried.</summary>
/// <param name="Wall">Its name.</param>
/// <param name="Fault">How it failed, in one line; null: it stands.</param>
/// <param name="Note">What was seen, or why it could not be tried; for a person.</param>
/// <param name="Remedy">How to mend it, in one line; empty where it stands.</param>
public sealed record WallCheck(string Wall, string? Fault, string Note, string Remedy)
{
    /// <summary>It stands.</summary>
    public static WallCheck Stands(string wall, string note) => new(wall, null, note, "");

    /// <summary>It is missing.</summary>
    public static WallCheck Missing(string wall, string fault, string remedy) => new(wall, fault, "", remedy);
}
