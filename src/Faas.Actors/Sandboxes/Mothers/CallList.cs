namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>Collects system calls in the order in which they are made.</summary>
internal sealed class CallList
{
    private const int WriteOnly = 1; // O_WRONLY of open(2)
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private readonly List<SystemCall> _calls = [];

    /// <summary>The calls so far.</summary>
    public IReadOnlyList<SystemCall> Calls => _calls;

    /// <summary>Adds a call, and returns what it will have returned, for a later call to use.</summary>
    public CallArgument Add(string why, string call, params CallArgument[] arguments)
    {
        _calls.Add(new SystemCall(call, arguments, why));
        return new CallArgument.Was(_calls.Count - 1);
    }

    /// <summary>Writes a file below an open folder.</summary>
    /// <param name="why">What the content is good for.</param>
    /// <param name="folder">The folder's descriptor.</param>
    /// <param name="path">The file's path in that folder.</param>
    /// <param name="content">The content: a text, or a given one.</param>
    public void WriteFile(string why, CallArgument folder, string path, CallArgument content)
    {
        var file = Add(why, "openat", folder, path, WriteOnly | CloseOnExec);
        Add(why, "write", file, content, content switch
        {
            CallArgument.Text text => text.Value.Length,
            CallArgument.Given given => given with { IsLength = true },
            _ => throw new ArgumentException($"{content} has no length", nameof(content)),
        });
        Add(why, "close", file);
    }
}
