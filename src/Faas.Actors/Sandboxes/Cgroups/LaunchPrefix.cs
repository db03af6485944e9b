namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>The command in front of a launch line that brings the rest of the line under the limits.</summary>
/// <param name="Command">
/// A program and its arguments. The program replaces itself by what follows, in the environment that the sandbox shall have.
/// </param>
/// <param name="Environment">The variables that the program itself needs.</param>
public sealed record LaunchPrefix(IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>No command: the shell of the launch line joins the cgroups itself.</summary>
    public static LaunchPrefix None { get; } = new([], new Dictionary<string, string>());
}
