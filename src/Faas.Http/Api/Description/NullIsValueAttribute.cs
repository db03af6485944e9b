namespace Faas.Http.Api.Description;

/// <summary>A member of a body in which null says something else than leaving the member out.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NullIsValueAttribute : Attribute;
