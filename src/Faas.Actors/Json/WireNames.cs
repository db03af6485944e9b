using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace Faas.Actors.Json;

/// <summary>
/// The names that an enum's values have outside the server: on the wire, in settings and in the store. A name is
/// written once, as <see cref="JsonStringEnumMemberNameAttribute"/> on the member, where System.Text.Json finds it
/// too (<see cref="WireNameConverter{T}"/>). A member without the attribute has no name outside the server.
///
/// Theory of operation: the attributes of an enum are read once, when its names are first asked for. After that each
/// question is one look-up that allocates nothing. The names are kept by the numbers of the members, in a class that is the same for all
/// enums: a generic one would be compiled for each enum at each start of the server.
/// </summary>
public static class WireNames
{
    /// <summary>The value's name. Throws <see cref="ArgumentOutOfRangeException"/> for a value that has none.</summary>
    public static string ToWire<T>(this T value)
        where T : struct, Enum => Of<T>.Names.TextOf(NumberOf(value));

    /// <summary>The value's name as UTF-8. Throws <see cref="ArgumentOutOfRangeException"/> for a value that has none.</summary>
    public static ReadOnlySpan<byte> ToWireUtf8<T>(this T value)
        where T : struct, Enum => Of<T>.Names.Utf8Of(NumberOf(value));

    /// <summary>Finds the value of a name; the name must match exactly, letter case included.</summary>
    public static bool TryParse<T>([NotNullWhen(true)] string? name, out T value)
        where T : struct, Enum
    {
        var number = 0L;
        var isKnown = name is not null && Of<T>.Names.TryFind(name, out number);
        value = Unsafe.SizeOf<T>() == sizeof(long) ? Unsafe.BitCast<long, T>(number) : Unsafe.BitCast<int, T>((int)number);
        return isKnown;
    }

    /// <summary>Every name, in the order of the enum's declaration.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => Of<T>.Names.All;

    /// <summary>Every name in one line, for error messages: <c>javascript, typescript, python</c>.</summary>
    public static string Allowed<T>()
        where T : struct, Enum => Of<T>.Names.Allowed;

    private static long NumberOf<T>(T value)
        where T : struct, Enum =>
        Unsafe.SizeOf<T>() == sizeof(long) ? Unsafe.BitCast<T, long>(value) : Unsafe.BitCast<T, int>(value);

    private static class Of<T>
        where T : struct, Enum
    {
        public static WireNamesOfEnum Names { get; } = new(typeof(T));
    }
}
