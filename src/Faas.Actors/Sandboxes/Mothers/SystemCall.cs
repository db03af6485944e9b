namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>
/// One call of a C library's function that a mother, or a child of hers, makes. The server lists the calls once for both languages
/// (<see cref="WallCalls"/>), and each runtime carries the list out (runtimes/PROTOCOL.md, "The mother").
/// </summary>
/// <param name="Call">The function's name; <c>syscall</c> for a system call that has none.</param>
/// <param name="Arguments">Its arguments; those that are missing are 0.</param>
/// <param name="Why">What the call is good for, as the error of a call that fails says it.</param>
public sealed record SystemCall(string Call, IReadOnlyList<CallArgument> Arguments, string Why);

/// <summary>An argument of a <see cref="SystemCall"/>.</summary>
public abstract record CallArgument
{
    private CallArgument()
    {
    }

    /// <summary>A number.</summary>
    public static implicit operator CallArgument(long value) => new Number(value);

    /// <summary>A text.</summary>
    public static implicit operator CallArgument(string value) => new Text(value);

    /// <summary>A number, passed as it is.</summary>
    public sealed record Number(long Value) : CallArgument;

    /// <summary>A text, passed as the address of its UTF-8 bytes and a 0.</summary>
    public sealed record Text(string Value) : CallArgument;

    /// <summary>Memory that the call reads or writes, passed as its address.</summary>
    public sealed record Memory(ReadOnlyMemory<byte> Bytes) : CallArgument;

    /// <summary>What an earlier call of the same list returned.</summary>
    /// <param name="Call">The earlier call's place in the list, from 0.</param>
    public sealed record Was(int Call) : CallArgument;

    /// <summary>A value that comes with the order for one fork.</summary>
    /// <param name="Name">Its name in the order.</param>
    /// <param name="IsLength">True: the length of the text in bytes, in place of its address.</param>
    public sealed record Given(string Name, bool IsLength = false) : CallArgument;
}
