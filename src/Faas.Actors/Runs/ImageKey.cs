using System.Globalization;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs;

/// <summary>
/// What a sandbox must be before it is bound. Any unbound sandbox of a run's image can serve that run, and no sandbox of
/// another image can.
/// </summary>
/// <param name="Runtime">The zygote that the sandbox holds.</param>
/// <param name="Owner">
/// The name of the key whose callers alone the sandbox, and its mother, serve; null: any caller (<c>faas.sandbox.mothers.per-key</c>).
/// </param>
/// <param name="TmpBytes">The size of the sandbox's /tmp, which the kernel fixes when it is mounted; null: the operator's default.</param>
/// <param name="Libraries">
/// The name of the image of <c>faas.images</c> whose libraries it has loaded; null: it has none beside its runtime.
/// </param>
public readonly record struct ImageKey(Runtime Runtime, string? Owner = null, long? TmpBytes = null, string? Libraries = null)
{
    /// <summary>The key in logs, in the names of actors and in the pool's status.</summary>
    public string Name => (Owner is null ? Kind : $"{Kind}@{Owner}")
        + (TmpBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $":tmp={bytes}") : "");

    /// <summary>The key of the mother that such a sandbox may be a fork of: a child mounts its own /tmp.</summary>
    public ImageKey ToMother() => this with { TmpBytes = null };

    // No image of the settings has the name of a runtime.
    private string Kind => Libraries ?? RuntimeName;

    private string RuntimeName => Runtime switch
    {
        Runtime.Node => "node",
        Runtime.Python => "python",
        _ => throw new InvalidOperationException($"{Runtime} has no name."),
    };
}
