namespace Faas.Actors.Scripts.Compilation;

/// <summary>Makes the layer of a script's libraries: a folder that its sandboxes see.</summary>
public interface ILayerBuilder
{
    /// <summary>
    /// Chooses the versions of the libraries (of Python), unless there is a lock, and has their layer on this machine when it returns.
    /// Throws <see cref="CompilerException"/> where nothing is known about them: a registry is down, the build broke.
    /// </summary>
    /// <param name="order">What is asked for.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    Task<LayerAnswer> BuildAsync(LayerOrder order, CancellationToken cancellation);
}

/// <summary>What is asked for a script.</summary>
/// <param name="Entry">The text of the script, in whose head libraries may be declared (PEP 723).</param>
/// <param name="Requirements">The text of its requirements.txt; null: there is none.</param>
/// <param name="Dependencies">Those that the upload names beside those two.</param>
/// <param name="Lock">The lock of an earlier build; null: the versions are chosen now.</param>
public sealed record LayerOrder(string Entry, string? Requirements, IReadOnlyList<string> Dependencies, string? Lock)
{
    /// <summary>
    /// Whose libraries they are. Of those of node, there is a lock: their versions were chosen when the script was bundled.
    /// </summary>
    public Runtime Runtime { get; init; } = Runtime.Python;

    /// <summary>
    /// Whether a stored version is called: a library of its lock is installed, also if the operator permits it no longer.
    /// </summary>
    public bool IsStored { get; init; }

    /// <summary>Takes each line of the log while it is written; null: the answer has them all.</summary>
    public Action<string>? Says { get; init; }

    /// <summary>What is asked for this code.</summary>
    public static LayerOrder Of(ScriptCode code) => new(
        code.Source, code.Tree?.Find(LibraryMarks.RequirementsFile)?.Text, code.Dependencies?.Texts ?? [], code.Lock)
    {
        Runtime = code.Runtime,
    };
}

/// <summary>What came of a build.</summary>
/// <param name="Lock">The lock; null: the script declares no library, or was refused.</param>
/// <param name="Refused">Why the libraries cannot be had; null: they are there.</param>
/// <param name="Log">What the installer wrote.</param>
public sealed record LayerAnswer(string? Lock, string? Refused, string Log);
