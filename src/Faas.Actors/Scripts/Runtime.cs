
namespace Faas.Actors.Scripts;

/// <summary>A language host: one zygote program. Node runs JavaScript and TypeScript.</summary>
public enum Runtime
{
    /// <summary>runtimes/node.</summary>
    Node,

    /// <summary>runtimes/python.</summary>
    Python,
}
