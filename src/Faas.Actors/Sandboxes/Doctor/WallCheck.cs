namespace Faas.Actors.Sandboxes.Doctor;

/// <summary>The result of trying one wall on this machine.</summary>
/// <param name="Wall">The wall's name.</param>
/// <param name="Fault">What a script could do that it must not, in one line; null: the wall stands.</param>
/// <param name="Note">What the doctor saw, or why it could not try the wall. For a person.</param>
/// <param name="Remedy">How to mend the wall, in one line; empty where it stands.</param>
public sealed record WallCheck(string Wall, string? Fault, string Note, string Remedy)
{
    /// <summary>The wall stands.</summary>
    public static WallCheck Stands(string wall, string note) => new(wall, null, note, "");

    /// <summary>The wall is missing.</summary>
    public static WallCheck Missing(string wall, string fault, string remedy) => new(wall, fault, "", remedy);
}
