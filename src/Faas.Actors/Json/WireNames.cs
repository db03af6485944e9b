using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;

namespace Faas.Actors.Json;

/// <summary>
/// The names that an enum's values have outside the server: on the wire, in settings and in the store. A name is
/// written once, as <see cref="JsonStringEnumMemberNameAttribute"/> on the member, where System.Text.Json finds it
/// too (<see cref="WireNameConverter{T}"/>). A member without the attribute has no name outside the server.
///
/// Theory of operation: the attributes of an enum are read once, when its names are first asked for. After that each
/// question is one look-up that allocates nothing.
/// </summary>
public static class WireNames
{
    /// <summary>The value's name. Throws <see cref="ArgumentOutOfRangeException"/> for a value that has none.</summary>
    public static string ToWire<T>(this T value)
        where T : struct, Enum => Of<T>.NameOf(value).Text;

    /// <summary>The value's name as UTF-8. Throws <see cref="ArgumentOutOfRangeException"/> for a value that has none.</summary>
    public static ReadOnlySpan<byte> ToWireUtf8<T>(this T value)
        where T : struct, Enum => Of<T>.NameOf(value).Utf8;

    /// <summary>Finds the value of a name; the name must match exactly, letter case included.</summary>
    public static bool TryParse<T>([NotNullWhen(true)] string? name, out T value)
        where T : struct, Enum
    {
        value = default;
        return name is not null && Of<T>.Values.TryGetValue(name, out value);
    }

    /// <summary>Every name, in the order of the enum's declaration.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => Of<T>.All;

    /// <summary>Every name in one line, for error messages: <c>javascript, typescript, python</c>.</summary>
    public static string Allowed<T>()
        where T : struct, Enum => Of<T>.Allowed;

    private readonly record struct Name(string Text, byte[] Utf8);

    private static class Of<T>
        where T : struct, Enum
    {
        private static readonly (T Value, string Name)[] s_members =
        [
            .. from member in typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static)
               let name = member.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()
               where name is not null
               select ((T)member.GetValue(null)!, name.Name),
        ];

        private static readonly FrozenDictionary<T, Name> s_names =
            s_members.ToFrozenDictionary(member => member.Value, member => new Name(member.Name, Encoding.UTF8.GetBytes(member.Name)));

        public static FrozenDictionary<string, T> Values { get; } =
            s_members.ToFrozenDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);

        public static IReadOnlyList<string> All { get; } = [.. s_members.Select(member => member.Name)];

        public static string Allowed { get; } = string.Join(", ", All);

        public static Name NameOf(T value) => s_names.TryGetValue(value, out var name)
            ? name
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"This {typeof(T).Name} has no name outside the server.");
    }
}
