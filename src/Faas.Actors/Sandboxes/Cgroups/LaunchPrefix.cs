namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>What comes before a launch line to bring it under the limits.</summary>
/// <param name="Command">A program and its arguments, which becomes what follows it, in the environment that the sandbox is to have.</param>
/// <param name="Environment">Variables that the program itself needs.</param>
public sealed record LaunchPrefix(IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Nothing: the launch line's own shell does it.</summary>
    public static LaunchPrefix None { get; } = new([], new Dictionary<string, string>());
}
